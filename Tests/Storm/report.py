"""The report of a storm, as text for people; the JSON of `--json` holds the same figures."""


def percentile(values, share):
    """Returns the smallest value that `share` of the values do not exceed, in milliseconds; None without values."""
    if not values:
        return None
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1_000, 2)


def row(name, latencies, quiet_p99, peak, result=None):
    """Returns the figures of one slice; the share of a core says whether the generator was the bottleneck."""
    p99 = percentile(latencies, 0.99)
    return {
        "slice": name, "acks": len(latencies), "ack_p50_ms": percentile(latencies, 0.5), "ack_p99_ms": p99,
        "ratio": round(p99 / quiet_p99, 2) if p99 and quiet_p99 else None, "peak_rss_mib": round(peak, 1),
        "acts": sum(result["acts"].values()) if result else None,
        "generator_core": round(result["cpu"] / max(result["seconds"], 0.001), 2) if result else None,
    }


COLUMNS = [("acts", 7), ("acks", 6), ("ack_p50_ms", 11), ("ack_p99_ms", 11), ("ratio", 7), ("peak_rss_mib", 13),
           ("generator_core", 15)]


def table(variant, rows, measured):
    first = max(len(each["slice"]) for each in rows) if rows else 5
    lines = [f"{variant}", f"{'slice':<{first}}" + "".join(f"{name:>{width}}" for name, width in COLUMNS)]
    for each in rows:
        figures = "".join(f"{'-' if each[name] is None else each[name]:>{width}}" for name, width in COLUMNS)
        lines.append(f"{each['slice']:<{first}}{figures}")
    before, after = measured.before, measured.after
    lines.append(f"memory {before.rss:.0f} MiB before, {measured.quiet_rss:.0f} quiet, {measured.peak_rss:.0f} peak, "
                 f"{after.rss:.0f} after; descriptors {before.descriptors} before, {after.descriptors} after")
    busy = [each["slice"] for each in rows if (each["generator_core"] or 0) > 0.85]
    if busy:
        lines.append(f"the generator was the bottleneck in: {', '.join(busy)}")
    return "\n".join(lines)


def last_acts(result):
    return "\n".join(f"    client {index}: {' → '.join(acts)}" for index, acts in result["last"].items() if acts)
