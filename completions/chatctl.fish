# fish completion for chatctl; written by: chatctl --generate-completion-script fish

function __chatctl_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l program $words[1]
    set -l lines ($program __complete $words[2..-1] $current 2>/dev/null)
    switch "$lines[1]"
        case words
            printf '%s\n' $lines[2..-1]
        case files
            __chatctl_paths $current
        case directories
            __chatctl_paths $current | string match -r '.*/(?:\t.*)?$'
        case 'command *'
            set -l index (string replace 'command ' '' -- $lines[1])
            set -l rest $words[(math $index + 1)..-1]
            complete -C "$(string join ' ' -- (string escape -- $rest) $current)"
    end
end

# The paths that a word begins, also behind '--option='.
function __chatctl_paths
    set -l front (string match -r '^--[^=]*=' -- $argv[1])
    set -l path (string replace -r '^--[^=]*=' '' -- $argv[1])
    for line in (complete -C "'' $path")
        printf '%s%s\n' "$front" $line
    end
end

complete -c chatctl -f -a '(__chatctl_complete)'
