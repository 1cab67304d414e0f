"""Understanding files of figures: pure Python, no database.

files -> what kind of file this is, and its rows as text; headings -> which rows are headings and what their columns hold;
periods, numbers, places -> what one cell says; mapping -> which column says what; rows -> one row of the file as figures.
"""
