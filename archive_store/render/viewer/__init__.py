"""The offline viewer: one page for any browser, and the files of data that it loads as scripts.

A page opened from a folder may not read other files, but it may load scripts: so each file of data is one
call of ``given(name, data)``. Ids are texts: 19 digits do not survive JavaScript's numbers.
"""
