import Testing

@testable import ChatBench

@Suite struct MachineTests {
    @Test func `a machine is its processor, its cores and its kernel`() {
        let cpuinfo = "processor\t: 0\nmodel\t\t: 17\nmodel name\t: AMD EPYC: 2nd\nmodel name\t: other\n"
        #expect(
            Machine.description(cpuinfo: cpuinfo, cores: 2, release: "6.1.0-18\n")
                == "AMD EPYC: 2nd, 2 cores, Linux 6.1.0-18")
    }

    @Test func `a processor without a name is unknown`() {
        #expect(
            Machine.description(cpuinfo: "processor : 0\n", cores: 4, release: "6.1")
                == "unknown processor, 4 cores, Linux 6.1")
    }

    @Test func `this machine is described in one line`() {
        #expect(Machine.text.contains(" cores, Linux ") && !Machine.text.contains("\n"))
    }
}
