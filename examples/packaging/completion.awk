# Completions of a shell from the --help of a tool, which comes from its table
# of options: awk -v shell=bash|zsh|fish -v tool=NAME -f completion.awk
#
# An argument FILE or DIR is completed as such, any other not at all; words
# behind options are commands, where the tool has them, else files.

/^usage:/ { part = "usage"; sub(/^usage:/, "      ") }
/^options:/ { part = "options"; next }
/^exit codes:/ { part = "" }

part == "usage" && $1 == tool && $2 ~ /^[a-z]/ { commands[++command_count] = $2 }

part == "options" && /^  / {
	letter = substr($0, 3, 1) == "-" ? substr($0, 4, 1) : ""
	rest = substr($0, 7)
	name = substr($1, 1, 1) == "-" && letter == "" ? $1 : $2
	count++
	match(rest, /  +/)
	head = substr(rest, 1, RSTART - 1)
	helps[count] = substr(rest, RSTART + RLENGTH)
	split(head, word, " ")
	names[count] = substr(word[1], 3)
	letters[count] = letter
	arguments[count] = word[2]
}

function kind(i) {
	if (arguments[i] == "")
		return "none"
	if (arguments[i] ~ /^FILE/)
		return "file"
	return arguments[i] ~ /^DIR/ ? "folder" : "word"
}

function join(list, n, between,   i, text) {
	for (i = 1; i <= n; i++)
		text = text (i > 1 ? between : "") list[i]
	return text
}

# The options with an argument of a kind, as a pattern of a shell's case.
function pattern(of,   i, text) {
	for (i = 1; i <= count; i++)
		if (kind(i) == of)
			text = text (text == "" ? "" : " | ") "--" names[i] \
			    (letters[i] == "" ? "" : " | -" letters[i])
	return text
}

function quoted(text) {
	gsub(/'/, "'\\''", text)
	return text
}

function bash_case(of, action) {
	if (pattern(of) != "")
		printf "\t%s)\n\t\t%s\n\t\treturn\n\t\t;;\n", pattern(of), action
}

function bash(   identifier, i, words) {
	identifier = "_" tool
	gsub(/-/, "_", identifier)
	for (i = 1; i <= count; i++)
		words = words (i > 1 ? " " : "") "--" names[i]
	printf "# bash completion for %s\n\n%s()\n{\n", tool, identifier
	print "\tlocal word=${COMP_WORDS[COMP_CWORD]}"
	print "\tlocal before=${COMP_WORDS[COMP_CWORD - 1]}\n"
	print "\tcase $before in"
	bash_case("file", "mapfile -t COMPREPLY < <(compgen -f -- \"$word\")")
	bash_case("folder", "mapfile -t COMPREPLY < <(compgen -d -- \"$word\")")
	bash_case("word", "COMPREPLY=()")
	print "\tesac"
	print "\tif [[ $word == -* ]]; then"
	printf "\t\tmapfile -t COMPREPLY < <(compgen -W '%s' -- \"$word\")\n", words
	if (command_count > 0) {
		print "\telif ((COMP_CWORD == 1)); then"
		printf "\t\tmapfile -t COMPREPLY < <(compgen -W '%s' -- \"$word\")\n",
		    join(commands, command_count, " ")
	}
	print "\telse"
	print "\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$word\")"
	print "\tfi\n}"
	printf "complete -o filenames -F %s %s\n", identifier, tool
}

function zsh_argument(i,   of) {
	of = kind(i)
	if (of == "none")
		return ""
	return ":" arguments[i] ":" (of == "file" ? "_files" : \
	    of == "folder" ? "_files -/" : " ")
}

function zsh(   i, text) {
	printf "#compdef %s\n\n_arguments -s -S \\\n", tool
	for (i = 1; i <= count; i++) {
		text = helps[i]
		gsub(/[\[\]:\\]/, "\\\\&", text)
		text = quoted(text)
		if (letters[i] == "")
			printf "\t'--%s[%s]%s' \\\n", names[i], text, zsh_argument(i)
		else
			printf "\t'(-%s --%s)'{-%s,--%s}'[%s]%s' \\\n", letters[i],
			    names[i], letters[i], names[i], text, zsh_argument(i)
	}
	if (command_count > 0)
		printf "\t'1:command:(%s)' \\\n", join(commands, command_count, " ")
	print "\t'*:file:_files'"
}

function fish(   i, of) {
	printf "# fish completion for %s\n\n", tool
	if (command_count > 0)
		printf "complete -c %s -n __fish_use_subcommand -f -a '%s'\n", tool,
		    join(commands, command_count, " ")
	for (i = 1; i <= count; i++) {
		of = kind(i)
		printf "complete -c %s%s -l %s%s -d '%s'\n", tool,
		    letters[i] == "" ? "" : " -s " letters[i], names[i],
		    of == "none" ? "" : of == "word" ? " -x" : \
		    of == "file" ? " -r -F" : " -x -a '(__fish_complete_directories)'",
		    quoted(helps[i])
	}
}

# Commands stand in the usage once each.
END {
	n = 0
	for (i = 1; i <= command_count; i++)
		if (!(commands[i] in seen)) {
			seen[commands[i]] = 1
			commands[++n] = commands[i]
		}
	command_count = n
	if (shell == "bash")
		bash()
	else if (shell == "zsh")
		zsh()
	else
		fish()
}
