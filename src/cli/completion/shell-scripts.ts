/** The shells that can complete. */
export const shells = ["bash", "zsh", "fish"] as const;

/** One of them. */
export type Shell = (typeof shells)[number];

/*
 * Each script calls `hangar complete` with the words up to the cursor. It answers with a line for each candidate: the
 * value, a tab, and a description. The line `:files` asks the shell for paths.
 */
const bash = `# Completion of hangar for bash. Use: source <(hangar completion bash)
_hangar() {
  local line=\${COMP_LINE:0:COMP_POINT} words=() value description
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  local current=\${words[\${#words[@]} - 1]}
  # Bash replaces only what is behind the last = or :
  local kept=\${current%"\${current##*[=:]}"}
  COMPREPLY=()
  while IFS=$'\\t' read -r value description; do
    if [[ $value == :files ]]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r value; do COMPREPLY+=("$value"); done < <(compgen -f -- "$current")
    else
      COMPREPLY+=("$(printf %q "\${value#"$kept"}")")
    fi
  done < <("\${words[0]}" complete -- "\${words[@]:1}" 2>/dev/null)
  [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == */ ]] && compopt -o nospace 2>/dev/null
  return 0
}
complete -F _hangar hangar
`;

const zsh = `#compdef hangar
# Completion of hangar for zsh. Use: source <(hangar completion zsh), or save it as _hangar in a folder of $fpath
_hangar() {
  local line value
  local -a values folders
  for line in "\${(@f)$("\${(Q)words[1]}" complete -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}"; do
    value=\${line%%$'\\t'*}
    if [[ $value == :files ]]; then
      _files
    elif [[ $value == */ ]]; then
      folders+=("$value")
    elif [[ -n $value ]]; then
      values+=("\${value//:/\\\\:}:\${line#*$'\\t'}")
    fi
  done
  (( $#folders )) && compadd -S '' -- "\${folders[@]}"
  (( $#values )) && _describe hangar values
  return 0
}
if [[ $funcstack[1] == _hangar ]]; then _hangar "$@"; else compdef _hangar hangar; fi
`;

const fish = `# Completion of hangar for fish. Use: hangar completion fish | source, or save it in ~/.config/fish/completions
function __hangar_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    for line in ($words[1] complete -- $words[2..-1] "$current" 2>/dev/null)
        if test "$line" = :files
            __fish_complete_path "$current"
        else
            echo $line
        end
    end
end
complete -c hangar -f -a '(__hangar_complete)'
`;

/** The script of each shell. */
export const shellScripts: Readonly<Record<Shell, string>> = { bash, zsh, fish };
