# Put the key and a tab before each record, which stays byte for byte: the
# customer where the record names one, else what it belongs to. Records of one
# key keep their order in the topic.

# The text of a key in s, "" when there is none.
function text(s, key) {
	if (!match(s, "\"" key "\":\"[^\"\\\\]*\""))
		return ""
	s = substr(s, RSTART + length(key) + 4)
	sub(/".*/, "", s)
	return s
}

function bare(number) {
	sub(/^0+/, "", number)
	return number
}

{
	type = text($0, "type")
	if (type == "customer")
		key = "customer " bare(text($0, "id"))
	else if (text($0, "customer") != "")
		key = "customer " bare(text($0, "customer"))
	else if (match($0, /"customer":\{"id":"[^"]*"/))
		key = "customer " bare(text(substr($0, RSTART + 11, RLENGTH - 11), "id"))
	else if (type == "order")
		key = "order " text($0, "id")
	else if (text($0, "web_order") != "")
		key = "order " text($0, "web_order")
	else if (text($0, "sales_document") != "")
		key = "document " bare(text($0, "sales_document"))
	else if (text($0, "material") != "")
		key = "material " bare(text($0, "material"))
	else
		key = type " " text($0, "id")
	print key "\t" $0
}
