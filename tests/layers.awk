# layers.awk - who may include whom: awk -f tests/layers.awk FILE...
#
# A file of src/ may include headers of its own room and of rooms on a lower
# floor; rooms on the same floor do not know each other.  A library belongs
# to the rooms named here.  A public header NAME.h is the room's that holds
# NAME.c (a command of that name has no header), which is why all files of
# src/ must be given at once.

BEGIN {
	split("base 0 parse 1 store 1 image 2 import 3 assess 3 render 3" \
	    " cmd 4 main 5", r)
	for (i = 1; i in r; i += 2)
		floor[r[i]] = r[i + 1]

	only["sqlite3"] = "store"
	only["yaml"] = only["archive"] = "parse"
	only["archive_entry"] = only["isa-l"] = only["zlib"] = "parse"
	only["zstd"] = "parse store"	# a kept report is unpacked there
	only["libxml/xmlreader"] = "parse"
	only["libxml"] = "parse render"
	only["libxslt"] = only["libexslt"] = "render"
	only["xlsxwriter"] = "render"
	only["openssl"] = only["seccomp"] = "base"

	home["command"] = "cmd"
	home["sink_rec"] = home["facts"] = home["about"] = "base"
	home["decision_fields"] = "assess"
	home["sql"] = "store"
	for (i = 1; i < ARGC; i++)
		if (split(ARGV[i], p, "/") == 3 && p[1] == "src" &&
		    p[2] != "cmd" && sub(/\.c$/, "", p[3]))
			home[p[3]] = p[2]
}

/^[ \t]*#[ \t]*include[ \t]/ {
	n = split(FILENAME, p, "/")
	room = n > 2 ? p[2] : "main"
	name = $0
	sub(/^[^<"]*[<"]/, "", name)
	sub(/[>"].*$/, "", name)
	if ($0 ~ /</)
		library(name)
	else if (name ~ /^muster\//)
		header(substr(name, 8))
	else if (name ~ /\.\.\// || name ~ /^src\// && name !~ /\.inc$/ &&
	    room != "main")
		complain(name " is another room's own")
}

function header(name)
{
	sub(/[\/.].*$/, "", name)
	if (!(name in home))
		complain("whose is muster/" name ".h?")
	else if (home[name] != room && floor[home[name]] >= floor[room])
		complain("muster/" name ".h (" home[name] \
		    ") is not below " room)
}

function library(name,	first)
{
	sub(/\.h$/, "", name)
	first = name
	sub(/\/.*/, "", first)
	if (!(name in only))
		name = first
	if (name in only && index(" " only[name] " ", " " room " ") == 0)
		complain("<" name "> belongs to " only[name])
}

function complain(why)
{
	print FILENAME ":" FNR ": " why
	bad = 1
}

END { exit bad }
