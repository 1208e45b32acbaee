"""Page and API over what the service has published: a consumer of the output topics with a store of its own.

A worker is never asked: `feed` reads the topics, `records` says what each record means, `store` keeps it in a database,
`api` answers from there, and `hub` tells those who listen. The page in `static/` is built from `web/` and talks to
the API alone.
"""
