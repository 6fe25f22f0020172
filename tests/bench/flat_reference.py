#!/usr/bin/env python3
"""What a plain Python program does with a flat IDoc file: every line cut at the
offsets of lib/idoc/segments.tsv (first argument), each IDoc as one line of JSON
with every field. Standard input to standard output. A yardstick of idoc-parse."""

import json
import re
import sys

HEAD = 63


def layouts(path):
    table = {}
    for line in open(path, encoding="utf-8"):
        if line.startswith("#"):
            continue
        name, *_, field, length, offset, _ = line.rstrip("\n").split("\t")
        begin = HEAD + int(offset)
        table.setdefault(name, []).append((field, begin, begin + int(length)))
    return table


def main():
    table = layouts(sys.argv[1])
    write = sys.stdout.write
    types = {}
    idoc = []
    sys.stdin.reconfigure(encoding="utf-8")
    for line in sys.stdin:
        if line.startswith("EDI_DC40"):
            if idoc:
                write(json.dumps(idoc) + "\n")
            idoc = [{"DOCNUM": line[13:29], "MESTYP": line[99:129].rstrip()}]
            continue
        name = line[:30].rstrip()
        if name not in types:
            types[name] = re.sub(r"^(.)2(.*?)(?:0\d\d)?$", r"\g<1>1\2", name)
        fields = {"segment": types[name]}
        for field, begin, end in table.get(types[name], ()):
            value = line[begin:end].rstrip()
            if value:
                fields[field] = value
        idoc.append(fields)
    if idoc:
        write(json.dumps(idoc) + "\n")


main()
