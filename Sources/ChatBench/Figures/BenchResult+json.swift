import ChatWire

extension JSONWriter {
    /// The fields that every scenario has, then those that a scenario has in addition; scripts and baselines read both.
    package mutating func benchResult(_ result: BenchResult) {
        object { json in
            json.field("scenario", result.scenario)
            json.field("clients", result.clients)
            json.field("publishers", result.publishers)
            json.field("messages", result.messages)
            json.field("payload_bytes", result.payloadBytes)
            json.optional("deliveries", result.deliveries)
            json.optional("expected", result.expected)
            json.optional("missing", result.ledger?.missing)
            json.optional("duplicates", result.ledger?.duplicates)
            json.optional("out_of_order", result.ledger?.outOfOrder)
            json.decimal("seconds", result.seconds)
            json.decimal("deliveries_per_second", result.deliveriesPerSecond)
            json.decimal("messages_per_second", result.messagesPerSecond)
            json.decimal("connects_per_second", result.connectsPerSecond)
            json.latency("latency_us", result.latency)
            json.server(result.server)
            json.latency("first_us", result.first)
            json.latency("median_us", result.median)
            json.latency("last_us", result.last)
            json.latency("ack_us", result.ack)
            json.decimal("cpu_us_per_delivery", result.cpuPerDelivery)
            json.decimal("cpu_us_per_message", result.cpuPerMessage)
            json.decimal("settled_ms", result.settledMilliseconds)
            json.optional("count_frames_per_second", result.countFramesPerSecond)
            json.optional("rss_bytes_before", result.residentBytesBefore)
            json.optional("rss_bytes_after_close", result.residentBytesAfterClose)
            json.depths(result.depths)
            json.refused(result.refused)
            json.optional("window", result.window)
            json.decimal("rate", result.rate)
            json.decimal("generator_cpu_seconds", result.generatorCPUSeconds)
            json.field("generator_was_limit", result.generatorWasLimit)
            json.field("partial", result.isPartial)
        }
    }

    private mutating func optional(_ name: StaticString, _ value: Int?) {
        key(name)
        raw(value.map { String($0) } ?? "null")
    }

    private mutating func decimal(_ name: StaticString, _ value: Double?) {
        key(name)
        raw(value.map { Decimals.text($0, places: 3) } ?? "null")
    }

    private mutating func latency(_ name: StaticString, _ latency: LatencySummary?) {
        key(name)
        guard let latency else { return raw("null") }
        object { json in
            json.optional("p50", Int(latency.p50))
            json.optional("p90", Int(latency.p90))
            json.optional("p99", Int(latency.p99))
            json.optional("p999", Int(latency.p999))
            json.optional("max", Int(latency.max))
        }
    }

    private mutating func server(_ usage: ServerUsage?) {
        key("server")
        guard let usage else { return raw("null") }
        object { json in
            json.optional("rss_bytes", usage.residentBytes)
            json.decimal("rss_bytes_per_connection", usage.bytesPerConnection)
            json.decimal("cpu_seconds", usage.cpuSeconds)
        }
    }

    private mutating func refused(_ counts: [String: Int]?) {
        key("refused")
        guard let counts else { return raw("null") }
        object { json in
            for (code, count) in counts.sorted(by: { $0.key < $1.key }) {
                json.key(code)
                json.value(Int64(count))
            }
        }
    }

    private mutating func depths(_ depths: [DepthLatency]) {
        key("depths")
        guard !depths.isEmpty else { return raw("null") }
        array(depths) { json, depth in
            json.object { json in
                json.field("depth", depth.depth)
                json.latency("latency_us", depth.latency)
            }
        }
    }
}
