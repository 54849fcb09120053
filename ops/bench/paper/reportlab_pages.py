"""Draws the same pages with ReportLab.

Reads one JSON object (faces, pages) and then, for every further line with a number, draws the document so many times and
prints the seconds of processor time and the bytes of one document. The codes come as prepared PDF operators, the seals
signed: what is measured is drawing alone. Texts are set in one text object a page. ReportLab embeds no PostScript
outlines, so OCR-B is replaced by the monospaced face.
"""

import io
import json
import sys
import time

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

A4 = (210 / 25.4 * 72, 297 / 25.4 * 72)


def register(faces):
    names = []
    for name, path in faces:
        try:
            pdfmetrics.registerFont(TTFont(name, path))
        except TTFError:
            name = names[-1]
        names.append(name)
    return names


def draw(pages, faces):
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, pageCompression=1)
    for page in pages:
        for kind, shape in page["shapes"]:
            if kind == "Fill":
                canvas.rect(*shape, stroke=0, fill=1)
                continue
            canvas.setLineWidth(shape[-1])
            if kind == "Line":
                canvas.line(*shape[0], *shape[1])
            else:
                canvas.rect(*shape[0])
        text = canvas.beginText()
        font, white = None, False
        for run in page["runs"]:
            if font != (run["face"], run["size"]):
                font = (run["face"], run["size"])
                text.setFont(faces[run["face"]], run["size"])
            if white != run["is_white"]:
                white = run["is_white"]
                text.setFillGray(1 if white else 0)
            text.setTextOrigin(*run["at"])
            text.textOut(run["text"])
        canvas.drawText(text)
        canvas.saveState()
        canvas.setFillGray(0)
        canvas.translate(*page["code_at"])
        canvas.scale(page["module"], page["module"])
        canvas._code.append(page["code"])
        canvas.restoreState()
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def main():
    document = json.loads(sys.stdin.readline())
    faces = register(document["faces"])
    pages = document["pages"]
    for page in pages:
        page["shapes"] = [next(iter(shape.items())) for shape in page["shapes"]]
    with open(document["out"], "wb") as file:
        file.write(draw(pages, faces))
    print("ready", flush=True)
    for line in sys.stdin:
        begun = time.process_time()
        for _ in range(int(line)):
            size = len(draw(pages, faces))
        print(time.process_time() - begun, size, flush=True)


main()
