import Testing

@testable import ChatBench

@Suite struct ReportPageTests {
    private static let runs = [SampleRuns.fanout, SampleRuns.ingest, SampleRuns.connect, SampleRuns.history]

    /// The page without its style sheet, which names classes that may be unused.
    private static func body(_ run: BenchResult) -> Substring {
        let page = ReportPage.html(run)
        return page.split(separator: "</style>", maxSplits: 1).last ?? page[...]
    }

    // MARK: The page as such

    @Test func `every page is well formed`() {
        var bare = BenchResult(scenario: "")
        for run in Self.runs + [bare] { #expect(Markup.fault(in: ReportPage.html(run)) == nil) }
        bare.timeline = [TimelinePoint(at: 0, perSecond: 0, p50: 0, p99: 0)]
        bare.curve = [(0, 0), (100, 0)]
        #expect(Markup.fault(in: ReportPage.html(bare)) == nil)
    }

    @Test func `the checker of well-formedness finds faults`() {
        #expect(Markup.fault(in: "<p>a<br>&lt;</p>") == nil)
        #expect(Markup.fault(in: "<p>a<b></p></b>") == "</p> closes b")
        #expect(Markup.fault(in: "<p>") == "p is open at the end")
        #expect(Markup.fault(in: "<p a=\"<\"></p>") == "a < within <p a=\"")
        #expect(Markup.fault(in: "<p a=\"1></p>") == "odd quotation marks in p a=\"1")
    }

    @Test func `the page has no external resources and no scripts`() {
        for run in Self.runs {
            var run = run
            run.settings = []
            let page = ReportPage.html(run)
            for word in ["http:", "https:", "//", "src=", "href=", "url(", "@import", "<script", "xmlns", "onload"] {
                #expect(!page.contains(word), "\(run.scenario) has \(word)")
            }
        }
    }

    @Test func `the page has styles for phones, dark mode and print`() {
        let page = ReportPage.html(SampleRuns.fanout)
        for word in ["width=device-width", "prefers-color-scheme:dark", "@media print", "viewBox", "font:16px"] {
            #expect(page.contains(word))
        }
    }

    @Test func `foreign text is escaped`() {
        var run = SampleRuns.fanout
        let evil = "<img src=x onerror='a'>\"&amp;"
        (run.scenario, run.machine) = (evil, evil)
        run.settings = [(evil, evil), ("window", evil)]
        let page = ReportPage.html(run)
        #expect(!page.contains("<img"))
        #expect(page.contains("&lt;img src=x onerror=&#39;a&#39;&gt;&quot;&amp;amp;"))
        #expect(Markup.fault(in: page) == nil)
    }

    // MARK: What it says

    @Test func `the page says in one line what was run`() {
        #expect(Self.body(SampleRuns.fanout).contains(">1,000 clients, 1 publisher, 128 bytes, window 1, 10 s<"))
        #expect(Self.body(SampleRuns.connect).contains(">5,000 clients, 2.5 s<"))
    }

    @Test(arguments: [
        ("Deliveries per second", "25,000/s"), ("Messages per second", "25/s"), ("Messages", "250"),
        ("Deliveries", "250,000"), ("Deliveries expected", "250,000"), ("Missing", "0"), ("Duplicates", "0"),
        ("Out of order", "0"), ("CPU per delivery", "20 µs"), ("CPU per message", "20 ms"), ("Memory", "61 MB"),
        ("Memory per connection", "18 kB"), ("Memory before the connections", "43 MB"),
        ("CPU (of a core)", "5\u{a0}s, 50\u{a0}%"), ("Generator CPU (of a core)", "2.5\u{a0}s, 25\u{a0}%"),
        ("clients", "1000"), ("server", "http://127.0.0.1:1"), ("machine", "EPYC, 2 cores, Linux"),
    ])
    func `fan-out shows each figure and setting`(title: String, text: String) {
        #expect(Self.body(SampleRuns.fanout).contains("<th scope=\"row\">\(title)</th><td>\(text)</td>"))
    }

    @Test(arguments: [
        ("delivery", "<td>1</td><td>2</td><td>4</td><td>5</td><td>6</td>"),
        ("first", "<td>0.1</td><td>0.2</td><td>0.4</td><td>0.5</td><td>0.6</td>"),
        ("median", "<td>1.1</td><td>2.2</td><td>4.4</td><td>5.5</td><td>6.6</td>"),
        ("last", "<td>2</td><td>4</td><td>8</td><td>10</td><td>12</td>"),
        ("ack", "<td>0.05</td><td>0.1</td><td>0.2</td><td>0.25</td><td>0.3</td>"),
    ])
    func `fan-out shows each latency in one unit`(title: String, cells: String) {
        #expect(Self.body(SampleRuns.fanout).contains("<th scope=\"row\">\(title)</th>\(cells)"))
    }

    @Test func `ingest shows its ack once`() {
        #expect(Self.body(SampleRuns.ingest).split(separator: "<th scope=\"row\">ack</th>").count == 2)
    }

    @Test(arguments: [
        ("Connects per second", "2,000/s"), ("Presence settled after", "512.5 ms"),
        ("Count frames per second, at most", "4/s"), ("Memory after they closed", "45 MB"),
    ])
    func `connect shows each figure`(title: String, text: String) {
        #expect(Self.body(SampleRuns.connect).contains("<th scope=\"row\">\(title)</th><td>\(text)</td>"))
    }

    @Test func `history counts pages and shows each depth`() {
        let page = Self.body(SampleRuns.history)
        #expect(page.contains("<th scope=\"row\">Pages per second</th><td>4,000/s</td>"))
        #expect(page.contains("<h2>Latency by depth in ms</h2>"))
        #expect(page.contains("<th scope=\"row\">0</th><td>0.1</td>"))
        #expect(page.contains("<th scope=\"row\">200k</th><td>0.3</td>"))
        #expect(!page.contains("Messages"))
    }

    @Test func `absent figures are left out`() {
        let page = Self.body(SampleRuns.connect)
        let absent = [
            "<svg", "Deliver", "Missing", "depth", "first", "Settings", "publisher", "warning", "CPU per", "machine",
        ]
        for word in absent { #expect(!page.contains(word), "\(word)") }
        #expect(!Self.body(BenchResult(scenario: "fanout")).contains("tiles"))
    }

    @Test func `a clean run has no warning, any other gives the reason`() {
        #expect(!Self.body(SampleRuns.fanout).contains("class=\"warning\""))
        let changes: [(String, (inout BenchResult) -> Void)] = [
            ("The load generator was the bottleneck", { $0.generatorWasLimit = true }),
            ("interrupted", { $0.isPartial = true }),
            ("missing: 3", { $0.ledger?.missing = 3 }), ("duplicates: 1,000", { $0.ledger?.duplicates = 1_000 }),
            ("out of order: 1.", { $0.ledger?.outOfOrder = 1 }),
        ]
        for (words, change) in changes {
            var run = SampleRuns.fanout
            change(&run)
            let page = Self.body(run)
            #expect(page.contains("class=\"warning\"") && page.contains(words))
        }
    }

    // MARK: Charts

    @Test func `the three charts have names, axes and a legend`() {
        let page = Self.body(SampleRuns.fanout)
        #expect(page.split(separator: "<svg").count == 4)
        let parts = [
            "<title>Latency by percentile</title>", "<title>deliveries per second over time</title>",
            "<title>Latency over time</title>", ">99.9<", ">percentile<", ">seconds<", ">25k<", ">4 ms<", ">p50<",
            ">p99<", ">max 6 ms<", "<title>0.5 s: 25,000/s</title>",
        ]
        for part in parts { #expect(page.contains(part), "\(part)") }
    }

    @Test func `each chart is there only with its data`() {
        var run = SampleRuns.fanout
        run.timeline = []
        #expect(Self.body(run).split(separator: "<svg").count == 2)
        run = SampleRuns.fanout
        run.curve = []
        #expect(Self.body(run).split(separator: "<svg").count == 3)
    }

    @Test func `the line breaks where nothing was measured`() throws {
        var run = SampleRuns.fanout
        run.timeline.removeSubrange(5..<8)
        #expect(try #require(ReportPage.throughput(run)).split(separator: "<polyline").count == 3)
        run = SampleRuns.fanout
        run.timeline[5] = TimelinePoint(at: 3, perSecond: 0, p50: 0, p99: 0)
        #expect(try #require(ReportPage.throughput(run)).split(separator: "<polyline").count == 2)
        // Two lines of two pieces and two swatches of the legend.
        #expect(try #require(ReportPage.latencyOverTime(run)).split(separator: "<polyline").count == 7)
    }

    @Test func `figures that are not finite do not trap`() {
        var run = SampleRuns.fanout
        run.timeline = [TimelinePoint(at: .nan, perSecond: .infinity, p50: 0, p99: .max)]
        (run.seconds, run.deliveriesPerSecond) = (0, .nan)
        #expect(Markup.fault(in: ReportPage.html(run)) == nil)
    }
}
