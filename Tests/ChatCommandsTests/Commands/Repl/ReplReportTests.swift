import Testing

@testable import ChatCommands

@Suite struct ReplReportTests {
    private let met = ReplReport.Point(name: "line 2: /expect hi", failure: nil, time: .milliseconds(1_005))
    private let missed = ReplReport.Point(
        name: "line 4: /expect #1 <b>", failure: "expected \"<b>\" & \u{1b}[2J", time: .milliseconds(20))

    @Test func `TAP tells each point at once and the plan at the end`() {
        var report = ReplReport(.tap, of: "a.chat")
        #expect(report.head == "TAP version 13\n")
        #expect(report.add(met) == "ok 1 - line 2: /expect hi\n")
        #expect(
            report.add(missed) == "not ok 2 - line 4: /expect \\#1 <b>\n# expected \"<b>\" & \\u{1b}[2J\n")
        #expect(report.tail == "1..2\n")
    }

    @Test func `JUnit is one document, with text escaped`() {
        var report = ReplReport(.junit, of: "a&b.chat")
        #expect(report.head + report.add(met) + report.add(missed) == "")
        #expect(
            report.tail == """
                <?xml version="1.0" encoding="UTF-8"?>
                <testsuite name="a&amp;b.chat" tests="2" failures="1" time="1.025">
                  <testcase classname="a&amp;b.chat" name="line 2: /expect hi" time="1.005"/>
                  <testcase classname="a&amp;b.chat" name="line 4: /expect #1 &lt;b&gt;" time="0.020">
                    <failure message="expected &quot;&lt;b&gt;&quot; &amp; \\u{1b}[2J"/>
                  </testcase>
                </testsuite>

                """)
    }
}
