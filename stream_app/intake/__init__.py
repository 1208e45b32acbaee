"""What people have, as raw articles: files, folders and streams of many kinds, told apart by what is in them.

    files -> packed (gzip, zstd, ...) -> text in UTF-8 -> kinds -> lines, values, table, page, feed, archive

`reading.Reading` walks the paths and gives `Raw` records in order. What it cannot read it names, and goes on.
"""
