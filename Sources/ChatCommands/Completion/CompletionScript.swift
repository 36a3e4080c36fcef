import ChatCore

// Each script passes the words before the cursor to `chatctl __complete` and hands its answer to the shell, so a script does
// not change when a command does. `make completions` writes them to completions/.

/// The completion script of a shell.
enum CompletionScript: String, CaseIterable, Sendable {
    case bash
    case zsh
    case fish

    private static let option = "--generate-completion-script"

    /// The script that a command line asks for, nil for other command lines.
    ///
    /// - Throws: `usage` for a shell that has none.
    static func wanted(by arguments: [String]) throws(ChatError) -> CompletionScript? {
        guard let first = arguments.first, first == option || first.hasPrefix("\(option)=") else { return nil }
        let shell = first == option ? arguments.dropFirst().first : String(first.dropFirst(option.count + 1))
        guard let shell, let script = CompletionScript(rawValue: shell) else {
            let known = allCases.map(\.rawValue).joined(separator: ", ")
            throw ChatError(.usage, "\(option): name a shell", hint: "the shells are \(known)")
        }
        return script
    }

    /// Without the last line end.
    var text: String {
        switch self {
        case .bash: Self.bashText
        case .zsh: Self.zshText
        case .fish: Self.fishText
        }
    }

    private static let bashText = #"""
        # bash completion for chatctl; written by: chatctl --generate-completion-script bash

        _chatctl() {
            local program=${COMP_WORDS[0]/#\~/$HOME} words=() word joins=0 index current lines kind line
            # readline also splits at '=' and ':', so put such words together again.
            for ((index = 1; index <= COMP_CWORD; index++)); do
                word=${COMP_WORDS[index]}
                if [[ ${#words[@]} -gt 0 && ( $joins -eq 1 || $word == [=:]* ) ]]; then
                    words[${#words[@]}-1]+=$word
                else
                    words+=("$word")
                fi
                joins=0
                [[ $word == *[=:] ]] && joins=1
            done
            # A quote that is still open is no part of the name.
            current=${words[${#words[@]}-1]}
            case $current in [\"\']*) current=${current:1} ;; esac
            words[${#words[@]}-1]=$current
            mapfile -t lines < <("$program" __complete "${words[@]}" 2>/dev/null)
            kind=${lines[0]-}
            COMPREPLY=()
            case $kind in
                words)
                    for line in "${lines[@]:1}"; do COMPREPLY+=("${line%%$'\t'*}"); done
                    [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace
                    # readline replaces what stands behind the last '=' or ':' only.
                    if [[ $current == *[=:]* ]]; then
                        line=${current%"${current##*[=:]}"}
                        COMPREPLY=("${COMPREPLY[@]#"$line"}")
                    fi
                    ;;
                files | directories)
                    [[ $current == --*=* ]] && current=${current#*=}
                    compopt -o filenames
                    if [[ $kind == files ]]; then
                        mapfile -t COMPREPLY < <(compgen -f -- "$current")
                    else
                        mapfile -t COMPREPLY < <(compgen -d -- "$current")
                    fi
                    ;;
                command\ *)
                    index=${kind#command }
                    if declare -F _command_offset >/dev/null && [[ ${#words[@]} -eq $COMP_CWORD ]]; then
                        _command_offset "$index"
                    elif [[ ${#words[@]} -eq $index ]]; then
                        mapfile -t COMPREPLY < <(compgen -c -- "$current" | sort -u)
                    else
                        compopt -o filenames
                        mapfile -t COMPREPLY < <(compgen -f -- "$current")
                    fi
                    ;;
            esac
        }

        complete -F _chatctl chatctl
        """#

    private static let zshText = #"""
        #compdef chatctl
        # zsh completion for chatctl; written by: chatctl --generate-completion-script zsh

        _chatctl() {
            local program=${(Q)words[1]/#\~/$HOME} kind line about index
            local -a lines candidates given
            given=("${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}")
            lines=("${(@f)$("$program" __complete "${(@)given}" 2>/dev/null)}")
            kind=$lines[1]
            case $kind in
                words)
                    for line in "${(@)lines[2,-1]}"; do
                        # A colon in a word would end it.
                        about=${line#*$'\t'}
                        candidates+=("${${line%%$'\t'*}//:/\\:}${about:+:$about}")
                    done
                    _describe -V chatctl candidates
                    ;;
                files) compset -P '--*='; _files ;;
                directories) compset -P '--*='; _files -/ ;;
                command\ *)
                    index=$(( ${kind#command } ))
                    shift $index words
                    (( CURRENT -= index ))
                    _normal
                    ;;
            esac
        }

        if [[ $funcstack[1] == _chatctl ]]; then
            _chatctl "$@"
        else
            compdef _chatctl chatctl
        fi
        """#

    private static let fishText = #"""
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
        """#
}
