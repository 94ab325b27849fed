"""What the app costs, as ratios to a floor that is built and asked in the same run: `make bench`.

CPU is that of the server's process, user and system, over blocks of requests that take turns with
blocks of the floor's; a ratio is the median over the rounds. So a busy machine or a slow one shifts
both sides alike. The 99th percentiles are times on the wire and need a quiet machine.
"""
