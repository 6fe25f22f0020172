#!/usr/bin/env python3
"""What a careful Python program does with IDocs as XML: lxml's iterparse, each
IDoc as one line of JSON with every field, memory freed behind it. Standard
input to standard output. The yardstick of idoc-parse."""

import json
import sys

from lxml import etree


def node(element):
    fields = {}
    for child in element:
        value = node(child) if len(child) else (child.text or "").strip()
        if value:
            fields.setdefault(child.tag, []).append(value)
    return fields


def main():
    write = sys.stdout.write
    for _, idoc in etree.iterparse(sys.stdin.buffer, tag="IDOC", huge_tree=True):
        write(json.dumps(node(idoc)) + "\n")
        idoc.clear()
        while idoc.getprevious() is not None:
            del idoc.getparent()[0]


main()
