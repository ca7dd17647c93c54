"""Writes the two binary documents of the sample corpus: a PDF and a DOCX.

They are kept in the repository; run this only after a change to the text below:

    python -m venv somewhere && somewhere/bin/pip install fpdf2 python-docx
    somewhere/bin/python tools/make_sample_pdf.py

The text was written for this project. The dates are those of the documents, so that two runs
differ in nothing a reader would see.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

CORPUS = Path(__file__).resolve().parent.parent / "corpus"

PDF_TITLE = "Twenty years of the Minsk process"
PDF_AUTHOR = "Edmund Tarrow"
PDF_DATE = datetime(2012, 3, 24, 9, 0, tzinfo=UTC)
PDF_PAGES: list[list[str]] = [
    [
        "# Twenty years of the Minsk process",
        "On 24 March 1992 the foreign ministers of the CSCE, meeting in Helsinki, decided to "
        "call a peace conference on Nagorno-Karabakh in the Belarusian capital. The conference "
        "has never met. The circle of states that was to prepare it has met for twenty years and "
        "took its name from the city it never reached.",
        "In December 1994 the summit in Budapest gave the group its present form of "
        "co-chairmanship and foresaw a multinational peacekeeping force, which was never sent. "
        "Since 1997 the co-chairs have been Russia, France and the United States. Baku had "
        "objected to France at first and accepted it once Washington joined.",
        "## Four designs",
        "The co-chairs have put four designs on the table. The package of July 1997 settled "
        "everything at once, including status. The step-by-step plan of September 1997 left "
        "status for later and cost Levon Ter-Petrosyan his office. The common state of November "
        "1998 placed Nagorno-Karabakh and Azerbaijan side by side within one set of borders; "
        "Baku rejected it as a breach of its sovereignty. The fourth is the set of Basic "
        "Principles handed over in Madrid on 29 November 2007.",
        "Between the third and the fourth lies Key West. The talks there in April 2001 were "
        "reported at the time as a near success. The round planned for Geneva in June of that "
        "year never took place. Heydar Aliyev had sounded out his own circle after his return "
        "and found no support for giving up Karabakh.",
    ],
    [
        "## What the Madrid Principles say",
        "A summary was made public at the G8 meeting in L'Aquila in July 2009. It names six "
        "elements: the return of the surrounding territories to Azerbaijani control, an interim "
        "status for Nagorno-Karabakh, a corridor linking it to Armenia, a later decision on "
        "final status by a legally binding expression of will, the right of all displaced people "
        "to return, and international guarantees with peacekeepers.",
        "Dmitry Medvedev took up the text in 2008 and brought the two presidents together about "
        "ten times. The meeting in Kazan on 24 June 2011 was the last serious attempt. The joint "
        "statement that followed was a single page.",
        "## A judgement",
        "Has the process failed? Critics in Baku say that it has frozen an occupation. Critics "
        "in Yerevan say that it has let Azerbaijan arm in peace. Corin Albury of the Brisk Hill "
        "Institute calls it a success that nobody can love: it has kept three powers with "
        "opposite interests in one room, and none of them has used the conflict against the "
        "others.",
        "I am less generous. A mediation that asks two leaders to agree in private on what they "
        "denounce in public has no second act. The group should publish its texts, speak to the "
        "displaced, and bring women and younger people into a room where the average age has "
        "long passed fifty. Otherwise the next document about Karabakh may be drafted by "
        "soldiers.",
        "Edmund Tarrow is a historian of post-Soviet armies. This paper is number 14 in a series.",
    ],
]
PDF_HEADER = "Tarnwick Centre, Paper 14"

DOCX_TITLE = "Memo: losses and flight in 1992 and 1993"
DOCX_AUTHOR = "Sevil Dashqinova"
DOCX_DATE = datetime(2013, 2, 26, 8, 30)
DOCX_TEXT: list[str] = [
    "# Memo: losses and flight in 1992 and 1993",
    "To: the editors of the reader on displacement. From: Sevil Dashqinova. You asked for the "
    "dates and figures that students confuse most often, with a word on how firm each of them is.",
    "## Khojaly",
    "The town of Khojaly, which had the only airport of the region, fell in the night of 25 to "
    "26 February 1992. People who fled across the fields towards Aghdam were fired on. "
    "Azerbaijan gives the number of dead as 613. Human Rights Watch wrote at first of more than "
    "200 and called it the largest massacre of the conflict. Armenian accounts say that a "
    "corridor had been left open and that armed men were mixed with the crowd. The officer who "
    "defended the airport, Alif Hajiyev, died there.",
    "The political result was quick. President Ayaz Mutallibov resigned on 6 March.",
    "## Shusha and Lachin",
    "Shusha was taken on 8 and 9 May 1992, while the presidents of Armenia and Azerbaijan were "
    "guests in Tehran for talks on a ceasefire. Iran took the timing as an insult and did not "
    "mediate again. Lachin followed on 18 May, and with it a road from Armenia to Karabakh.",
    "## The districts outside Karabakh",
    "Kelbajar fell in the first days of April 1993. Aghdam followed in July, Fizuli and Jabrayil "
    "in August, Zangilan in late October. The Security Council passed four resolutions that "
    "year, numbers 822, 853, 874 and 884, and each asked for withdrawal from territory just "
    "taken. None was carried out.",
    "The offensive was easier because Azerbaijan was fighting itself. In June 1993 Colonel Surat "
    "Huseynov marched on Baku from Ganja, President Abulfaz Elchibey left for his home village, "
    "and Heydar Aliyev returned to power.",
    "## How firm are the numbers?",
    "The Azerbaijani government has often spoken of one million refugees and displaced people. "
    "The figure adds those who came from Armenia, about 200,000, to those from Karabakh and the "
    "districts, and it rounds up generously. Researchers usually work with 700,000 to 750,000. "
    "On the Armenian side the usual count is 300,000 to 350,000 from the cities and villages of "
    "Azerbaijan. I would print both and say who gave them.",
    "My mother carried one suitcase from Aghdam. I mention this so that you know where I stand.",
]


def write_pdf(path: Path) -> None:
    from fpdf import FPDF

    class Paper(FPDF):
        def header(self) -> None:
            self.set_font("Helvetica", "I", 9)
            self.cell(0, 8, PDF_HEADER, align="R", new_x="LMARGIN", new_y="NEXT")

        def footer(self) -> None:
            self.set_y(-15)
            self.set_font("Helvetica", "", 9)
            self.cell(0, 8, str(self.page_no()), align="C")

    pdf = Paper(format="A4")
    pdf.set_title(PDF_TITLE)
    pdf.set_author(PDF_AUTHOR)
    pdf.set_creation_date(PDF_DATE)
    for page in PDF_PAGES:
        pdf.add_page()
        for block in page:
            if block.startswith("# "):
                pdf.set_font("Times", "B", 18)
                pdf.multi_cell(0, 10, block[2:], align="L", new_x="LMARGIN", new_y="NEXT")
            elif block.startswith("## "):
                pdf.set_font("Times", "B", 13)
                pdf.multi_cell(0, 8, block[3:], align="L", new_x="LMARGIN", new_y="NEXT")
            else:
                pdf.set_font("Times", "", 11.5)
                pdf.multi_cell(0, 6, block, align="L", new_x="LMARGIN", new_y="NEXT")
            pdf.ln(3)
    if pdf.page_no() != len(PDF_PAGES):
        sys.exit(f"The text ran over: {pdf.page_no()} pages instead of {len(PDF_PAGES)}.")
    pdf.output(str(path))


def write_docx(path: Path) -> None:
    import docx

    document = docx.Document()
    properties = document.core_properties
    properties.title = DOCX_TITLE
    properties.author = DOCX_AUTHOR
    properties.last_modified_by = DOCX_AUTHOR
    properties.comments = ""
    properties.created = DOCX_DATE
    properties.modified = DOCX_DATE
    for block in DOCX_TEXT:
        if block.startswith("# "):
            document.add_heading(block[2:], level=1)
        elif block.startswith("## "):
            document.add_heading(block[3:], level=2)
        else:
            document.add_paragraph(block)
    document.save(str(path))


def main() -> None:
    # It takes no options: a call for help is none to write.
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    write_pdf(CORPUS / "minsk-process-twenty-years.pdf")
    write_docx(CORPUS / "memo-losses-1992-1993.docx")


if __name__ == "__main__":
    main()
