#!/bin/sh
# SAP's stock list as people save it: printed lists with bars and totals, cells
# with quotes, code pages, both styles of decimals.
. "$(dirname "$0")/../lib.sh"

unset SAP_OMETRIA_STATE SAP_OMETRIA_CONFIG
cd "$T" || exit 71
printf '[stock]\ndecimal = comma\n' >comma
printf '[stock]\ndecimal = point\n' >point
# levels STYLE FILE: what is read of a list, and how many exceptions.
levels() {
	rm -f s.db*
	stock-aggregate -q -c "$1" -s s.db --levels "$2" \
	    --as-of 2026-03-02T08:00:00Z >out || [ $? -eq 1 ]
	sqlite3 s.db "SELECT item || ' ' || plant || ' ' || location || ' ' ||
	    (quantity / 1000.0) FROM stock ORDER BY item, location" | tr '\n' ';'
	sqlite3 s.db "SELECT id FROM exception WHERE code <> 'stock-negative'
	    ORDER BY id" | tr '\n' '!'
}

# MB52 as a local file, in German, with totals by plant and of all.
cat >mb52 <<'END'
02.03.2026                    Dynamische Listenausgabe                         1
--------------------------------------------------------------------------------
Lagerbestände anzeigen

|Material          |Materialkurztext|Werk|Name 1    |LOrt|S|BME|Frei verwendbar|
|------------------------------------------------------------------------------|
|000000000000012345|Hemd "Größe M"  |1100|Lager Köln|0001| |ST |         1.234 |
|12346             |Hose; lang      |1100|Lager Köln|0001| |ST |         5,000-|
|12347             |Mütze           |1100|Lager Köln|0001| |ST |     1.000,500 |
|12347             |Mütze           |1100|Lager Köln|0001|E|ST |       100,000 |
|*                 |                |1100|          |    | |ST |     2.229,500 |
|** Summe          |                |    |          |    | |ST |     2.229,500 |
--------------------------------------------------------------------------------
END
want='12345 1100 0001 1234.0;12346 1100 0001 -5.0;12347 1100 0001 1000.5;'
is "$(levels comma mb52)" "$want" 'a printed list: its totals are no stock'
sed 's/$/\r/' mb52 | iconv -f UTF-8 -t WINDOWS-1252 >mb52.1252
is "$(levels comma mb52.1252)" "$want" 'in Windows-1252 with CRLF'
{ printf '\377\376'; iconv -f UTF-8 -t UTF-16LE mb52; } >mb52.utf16
is "$(levels comma mb52.utf16)" "$want" 'in UTF-16'

# From a spreadsheet, in English: a mark of UTF-8, quotes, a total of each
# material, of the plant and of all.
{
	printf '\357\273\277Material;Material Description;Plant;Stor. Loc.;Special Stock;Unrestricted-Use Stock\r\n'
	printf '12345;"Shirt; ""M"" 5"" wide";1100;0001;;"1,234.000"\r\n'
	printf '12345;Shirt;1100;0002;;6-\r\n'
	printf '12345;;1100;;;1,228.000\r\n'
	printf '12345;;;;;1,228.000\r\n'
	printf '12346;Trousers;1100;0001;;-5\r\n'
	printf ';;1100;;;1,223.000\r\n'
	printf 'Grand total;;;;;1,223.000\r\n'
} >sheet
is "$(levels point sheet)" \
    '12345 1100 0001 1234.0;12345 1100 0002 -6.0;12346 1100 0001 -5.0;' \
    'a spreadsheet with totals on each level'
printf '[levels]\nmaterial = Material\n' >named
is "$(levels named sheet)" \
    '12345 1100 0001 1234.0;12345 1100 0002 -6.0;12346 1100 0001 -5.0;' \
    'with the mark in front of a heading that is configured'
stock-aggregate -q -c point -s s.db --levels sheet --as-of 2026-03-02T09:00:00Z >out
printf 'Material;Plant;Sloc;Unrestricted\n12346;1100;0001;3\n;1100;;3\n' >later
stock-aggregate -q -c point -s s.db --levels later --as-of 2026-03-02T10:00:00Z >out
is "$(sqlite3 s.db "SELECT item || ' ' || location || ' ' || (quantity / 1000)
    FROM stock ORDER BY 1" | tr '\n' ';')" \
    '12345 0001 0;12345 0002 0;12346 0001 3;' \
    'a list with totals is whole: what it does not hold is no more'

# What is no total.
printf 'Material;Plant;Sloc;Unrestricted\n1;1100;0001;5\n1;1100;;7\n2;1100;;7\n3;1200;0001;4\n3;1300;;4\n;1300;0001;2\n4;;0001;2\n5;;;2\nSummer;1100;;1\n' >rows
is "$(levels point rows)" \
    '1 1100  7.0;1 1100 0001 5.0;2 1100  7.0;3 1300  4.0;3 1200 0001 4.0;Summer 1100  1.0;rows:7!rows:8!rows:9!' \
    'rows without a location; without a plant or a material they are exceptions'

# style|number|what it is, empty when it is none
while IFS='|' read -r style number value; do
	printf 'Material\tPlant\tUnrestricted\n1\t1100\t%s\n' "$number" >one
	is "$(levels "$style" one | sed 's/^1 1100  //')" "${value:-one:2!}" \
	    "$style: '$number'"
done <<'END'
point|5|5.0;
point|5-|-5.0;
point|5.500 -|-5.5;
point|- 7|-7.0;
point|1,234|1234.0;
point|1,234,567.5|1234567.5;
point|1 234.5|1234.5;
point|1.234,500|
point|5,5|
point|12,34,567|
point|1,2345|
point|,500|
point|5.5.5|
comma|1.234|1234.0;
comma|1.234.567,5-|-1234567.5;
comma|1 234 567,89|1234567.89;
comma|5,5|5.5;
comma|1,234.5|
comma|5.5|
END
done_testing
