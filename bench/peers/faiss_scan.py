"""Exact top-k by inner product with faiss: the peer of bench/Palate.Benchmarks/ScanBenchmark.cs.

Run it on an idle machine, directly before or after the benchmark that it is compared with:

    python3 bench/peers/faiss_scan.py --items 1000000 --dimensions 64 --top 100 --threads 1
    dotnet run -c Release --project bench/Palate.Benchmarks -- --filter '*ScanBenchmark*'

It needs numpy and faiss (Debian: python3-faiss; elsewhere: pip install faiss-cpu). IndexFlatIP answers one query per
call, which is how a request comes; faiss only uses matrix products for 20 queries or more. Both sides draw vectors of
the same distribution, each with its own generator:

    normal     every component is standard normal
    clustered  1,000 standard normal centres; a row is a centre (drawn evenly) plus 0.3 times standard normal noise,
               scaled to length 1; a query is made like a row

One JSON object goes to standard output. Times are milliseconds per query.
"""

import argparse
import json
import platform
import statistics
import sys
import time

import faiss
import numpy


def draw(distribution, rows, dimensions, seed, centres_seed):
    random = numpy.random.default_rng(seed)
    if distribution == "normal":
        return random.standard_normal((rows, dimensions), dtype=numpy.float32)
    centres = numpy.random.default_rng(centres_seed).standard_normal((1000, dimensions), dtype=numpy.float32)
    vectors = numpy.empty((rows, dimensions), dtype=numpy.float32)
    for start in range(0, rows, 100_000):
        end = min(start + 100_000, rows)
        part = centres[random.integers(0, len(centres), end - start)]
        part = part + numpy.float32(0.3) * random.standard_normal((end - start, dimensions), dtype=numpy.float32)
        vectors[start:end] = part / numpy.linalg.norm(part, axis=1, keepdims=True)
    return vectors


def processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--dimensions", type=int, default=64)
    parser.add_argument("--top", type=int, default=100)
    parser.add_argument("--queries", type=int, default=100, help="measured queries, after a tenth as many to warm up")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--distribution", choices=["normal", "clustered"], default="normal")
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--index", default="Flat", help="a faiss factory string, for example SQ8; Flat is exact")
    arguments = parser.parse_args()

    faiss.omp_set_num_threads(arguments.threads)
    vectors = draw(arguments.distribution, arguments.items, arguments.dimensions, arguments.seed, arguments.seed + 2)
    queries = draw(
        arguments.distribution, arguments.queries, arguments.dimensions, arguments.seed + 1, arguments.seed + 2)
    exact = faiss.IndexFlatIP(arguments.dimensions)
    index = exact
    if arguments.index != "Flat":
        index = faiss.index_factory(arguments.dimensions, arguments.index, faiss.METRIC_INNER_PRODUCT)
        index.train(vectors[:200_000])
        exact.add(vectors)
    index.add(vectors)
    del vectors

    for query in queries[: max(1, arguments.queries // 10)]:
        index.search(query[None, :], arguments.top)
    times = []
    hits = 0
    for query in queries:
        start = time.perf_counter()
        _, found = index.search(query[None, :], arguments.top)
        times.append((time.perf_counter() - start) * 1000)
        if index is not exact:
            _, wanted = exact.search(query[None, :], arguments.top)
            hits += len(set(found[0]) & set(wanted[0]))

    times.sort()
    json.dump(
        {
            "peer": "faiss " + ("IndexFlatIP" if index is exact else arguments.index),
            "items": arguments.items,
            "dimensions": arguments.dimensions,
            "top": arguments.top,
            "distribution": arguments.distribution,
            "threads": arguments.threads,
            "queries": arguments.queries,
            "seeds": {"items": arguments.seed, "queries": arguments.seed + 1, "centres": arguments.seed + 2},
            "recall": 1.0 if index is exact else hits / (arguments.top * arguments.queries),
            "median_ms": round(statistics.median(times), 3),
            "min_ms": round(times[0], 3),
            "p10_ms": round(times[len(times) // 10], 3),
            "p90_ms": round(times[len(times) * 9 // 10], 3),
            "machine": {"processor": processor(), "system": platform.platform()},
            "versions": {"python": platform.python_version(), "numpy": numpy.__version__, "faiss": faiss.__version__},
        },
        sys.stdout,
        indent=2,
    )
    print()


if __name__ == "__main__":
    main()
