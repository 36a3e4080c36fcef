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
