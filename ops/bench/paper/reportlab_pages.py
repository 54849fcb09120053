"""Draws the same pages with ReportLab.

Reads one JSON object (faces, pages) and then, for every further line "code TIMES" or "ready TIMES", draws the document so
many times and prints the seconds of processor time and the bytes of one document. The seals come signed. With "code" each
page's code is made here, by ReportLab's own encoder; with "ready" it comes as prepared PDF operators, and what is measured
is drawing alone. Texts are set in one text object a page. ReportLab embeds no PostScript outlines, so OCR-B is replaced by
the monospaced face.
"""

import io
import json
import sys
import time
from itertools import groupby

from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel
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


def draw_code(canvas, text):
    """One path of horizontal runs, one unit a module."""
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    path = canvas.beginPath()
    for row, modules in enumerate(code.modules):
        column = 0
        for is_dark, run in groupby(modules, bool):
            width = len(list(run))
            if is_dark:
                path.rect(column, len(code.modules) - 1 - row, width, 1)
            column += width
    canvas.drawPath(path, stroke=0, fill=1)


def draw(pages, faces, is_ready):
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
        if is_ready:
            canvas._code.append(page["code"])
        else:
            draw_code(canvas, page["seal"])
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
        file.write(draw(pages, faces, False))
    print("ready", flush=True)
    for line in sys.stdin:
        kind, times = line.split()
        begun = time.process_time()
        for _ in range(int(times)):
            size = len(draw(pages, faces, kind == "ready"))
        print(time.process_time() - begun, size, flush=True)


main()
