"""The campaign monitor: hashtags, naming polls and the press, counted exactly and told in two minutes of reading.

    sources ──> mentions ──> observations ──> store ──> series ──> trends ──> brief ──> digest · page · API · …
     (ask)      (translate)    (pure)        (Redis)   (frames)    (pure)     (one value, shown five ways)

Data flows one way and I/O happens at the two ends. Who may import whom, from left to right, neighbours never
(`tests/test_layers.py` enforces it):

    cli > daemon > app > settings > web, demo > exports > digest, alerts > imports, collect, archive
        > trends, charts, sources, store > fetch, words > model > clock, errors, log
"""
