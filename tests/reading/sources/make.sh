#!/bin/bash
# Makes tests/reading/files again, with the programs people make theirs with. README says which, and what for.
# Needs: soffice (with Writer, Calc, Impress), pandoc, chromium, mutt, faketime, zip, python3 with Pillow and webvtt-py,
# and single-file on PATH or as $SINGLE_FILE.
set -euo pipefail
cd "$(dirname "$0")"
sources=$PWD
here=$PWD/../files
mkdir -p "$here" && here=$(cd "$here" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export TZ=UTC SOURCE_DATE_EPOCH=1710493200 # Friday 15 March 2024, 9:00
then="2024-03-15 09:00:00"
cp "$sources"/* "$here"/{flood.{fodt,md},page.html,whatsapp.txt,telegram.json,*.srt} "$work" # the latter are kept as they are
cd "$work"

# LibreOffice: its own formats, Microsoft's old and new ones, PDF
office() { HOME=$work/home faketime -f "@$then" soffice --headless --convert-to "$2" --outdir "$work" "$1" >/dev/null 2>&1; }
for kind in odt doc docx rtf pdf; do office flood.fodt $kind; done
for kind in ods xls xlsx csv; do office costs.fods $kind; done
for kind in odp ppt pptx; do office talk.fodp $kind; done
mv flood.{odt,doc,docx,rtf,pdf} costs.{ods,xls,xlsx,csv} talk.{odp,ppt,pptx} "$here"

# pandoc: books, papers, notes
pandoc -s flood.md -o flood.epub
pandoc -s flood.md -o flood.tex
pandoc -s flood.md -t rst -o flood.rst
pandoc -s flood.md -t org -o flood.org
pandoc -s flood.md -t ipynb -o flood.ipynb
pandoc -s flood.md -t fb2 -o flood.fb2
pandoc -s flood.md -o paper.docx
pandoc -s flood.md -t plain -o "2024-03-15 flood.txt"
mv flood.{epub,tex,rst,org,ipynb,fb2} paper.docx "2024-03-15 flood.txt" "$here"

# Chromium: a page saved whole (.mhtml), printed, photographed; SingleFile: a page saved in one .html
chrome() { chromium --headless=new --no-sandbox --disable-gpu --user-data-dir="$work/profile" "$@" >/dev/null 2>&1; }
(python3 -m http.server 8765 --bind 127.0.0.1 >/dev/null 2>&1 & echo $! >server.pid)
for _ in $(seq 50); do curl -sf http://127.0.0.1:8765/page.html -o /dev/null && break; sleep 0.1; done
faketime -f "@$then" chromium --headless=new --no-sandbox --disable-gpu --user-data-dir="$work/printing" --no-pdf-header-footer \
  --print-to-pdf="$work/printed.pdf" http://127.0.0.1:8765/page.html >/dev/null 2>&1
chrome --window-size=1000,500 --screenshot="$work/scan.png" http://127.0.0.1:8765/scan.html
"$sources/save_page.py" http://127.0.0.1:8765/page.html saved.mhtml
"${SINGLE_FILE:-single-file}" --browser-executable-path="$(command -v chromium)" --browser-arg=--no-sandbox \
  http://127.0.0.1:8765/page.html singlefile.html >/dev/null
kill "$(cat server.pid)"
mv printed.pdf scan.png saved.mhtml singlefile.html "$here"
faketime -f "@$then" python3 -c "from PIL import Image; Image.open('$here/scan.png').convert('L').save('$here/scan.pdf', resolution=100)"

# mutt: a mail with an attachment as it goes out, and the mailbox it keeps
cat >muttrc <<EOF
set from="anna@example.org" realname="Anna Reed" sendmail="$work/keep" record="$work/sent.mbox" copy=yes mbox_type=mbox
set hostname="example.org" use_envelope_from=no use_domain=no crypt_opportunistic_encrypt=no
EOF
printf '#!/bin/sh\ncat >%s/letter.eml\n' "$work" >keep && chmod +x keep
send() { faketime -f "@$1" mutt -F muttrc -s "$2" ${4:+-a "$4" --} board@example.org <"$3"; sleep 1; }
printf 'The pump broke yesterday.\n' >first.txt
printf 'Agreed, see you tomorrow.\n\nOn Thu, 14 Mar 2024, Bob Hall wrote:\n> It broke yesterday.\n' >reply.txt
printf 'The ferry ran until last Sunday.\n' >notes.txt
send "2024-03-14 18:00:00" "The pump" first.txt
send "2024-03-15 09:30:00" "Re: The pump" reply.txt
send "2024-03-15 09:00:00" "The flood of Harrow" letter.txt notes.txt
chmod 644 letter.eml sent.mbox
mv letter.eml sent.mbox "$here"

# Exported chats and subtitles are text in a fixed shape; webvtt-py makes the one out of the other
python3 -c "import webvtt; webvtt.from_srt('2024-03-15 talk.srt').save('$here/2024-03-15 talk.vtt')"

# Archives
mkdir box && cp flood.md "$here/letter.eml" box && touch -d "$then" box/*
rm -f "$here"/box.zip "$here"/box.tar.gz
zip -qX "$here/box.zip" box/* && tar -czf "$here/box.tar.gz" --owner=0 --group=0 box
ls -la "$here"
