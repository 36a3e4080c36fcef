import Testing

@testable import ChatClient

/// The link to the next page of a list.
@Suite struct NextPageTests {
    @Test(
        arguments: [
            ([], nil), ([#"</a?b=c>; rel="next""#], "/a?b=c"), (["</a>;rel=next"], "/a"),
            ([#"</x>; rel="prev", </a>; rel="next""#], "/a"),
            ([#"</x>; rel="prev""#, #"</a>; title="t"; rel="next""#], "/a"),
            ([#"</x>; rel="prev""#], nil), (["/a; rel=next"], nil), (["</a"], nil), (["<>; rel=next"], nil),
            (["<http://elsewhere.example/a>; rel=next"], nil), (["<//elsewhere.example/a>; rel=next"], nil),
        ] as [([String], String?)])
    func `only a link on the same server is followed`(links: [String], target: String?) {
        #expect(NextPage.target(of: links) == target)
    }
}
