extension ReportPage {
    /// Colours also differ in lightness, for print and for colour-blind readers.
    static let style = """

        :root{--page:#f7f7f5;--card:#fff;--ink:#1b1b1a;--soft:#5a5954;--line:#dddcd6;--a:#1f5fb8;--b:#dc7431;
        --warn:#fdf0dc;--edge:#c47f12}
        @media screen and (prefers-color-scheme:dark){:root{--page:#161615;--card:#201f1e;--ink:#f1f0ec;--soft:#b3b1aa;
        --line:#3b3a37;--a:#4a8fe6;--b:#f7a774;--warn:#3a2c12;--edge:#e0a03a}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--page);color:var(--ink);font:16px/1.45 system-ui,"DejaVu Sans",sans-serif}
        main{max-width:70rem;margin:0 auto;padding:1.25rem 1rem 3rem}
        h1{font-size:1.6rem;line-height:1.2;margin:0 0 .25rem;overflow-wrap:anywhere}
        h2{font-size:1rem;margin:0 0 .5rem}
        .lead{color:var(--soft);margin:0 0 1.25rem;overflow-wrap:anywhere}
        .note{color:var(--soft);margin:.6rem 0 0}
        .warning{background:var(--warn);border:1px solid var(--edge);border-left-width:6px;border-radius:8px;
        padding:.75rem 1rem;margin:0 0 1.25rem}
        .warning ul{margin:.25rem 0 0;padding-left:1.2rem}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:1rem;margin:0 0 1rem}
        .tiles div,section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:.9rem 1rem}
        .tiles dt{color:var(--soft)}
        .tiles dd{margin:0;font-size:1.75rem;font-weight:600;line-height:1.2;white-space:nowrap}
        .cards{columns:26rem 2;column-gap:1rem}
        section{margin:0 0 1rem;break-inside:avoid}
        .scroll{overflow-x:auto}
        table{width:100%;border-collapse:collapse}
        th,td{padding:.35rem 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
        th{font-weight:400;color:var(--soft);padding-right:.75rem}
        tr:last-child th,tr:last-child td{border-bottom:0}
        td{text-align:right;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
        .wide th[scope=col]:not(:first-child){text-align:right}
        .wide th,.wide td{padding-right:0;padding-left:.35rem;white-space:nowrap}
        .wide th:first-child{padding-left:0}
        svg{display:block;width:100%;max-width:34rem;height:auto;margin:0 auto;overflow:visible}
        svg text{font-size:15px;fill:var(--soft)}
        svg .grid{stroke:var(--line)}
        svg .axis{stroke:var(--soft)}
        svg .a,svg .b{fill:none;stroke:var(--a);stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
        svg .b{stroke:var(--b)}
        svg .area{fill:var(--a);opacity:.12}
        svg circle.a{fill:var(--a)}
        svg circle.b{fill:var(--b)}
        svg .spot{fill:var(--a);opacity:0}
        svg .spot:hover{opacity:1}
        @media screen and (min-width:34rem){svg text{font-size:12px}}
        @media(max-width:30rem){main{padding:1rem .75rem 2rem}.tiles div,section{padding:.75rem}
        .tiles div:first-child:nth-last-child(3){grid-column:1/-1}}
        @media print{body{font-size:10pt;background:none}main{max-width:none;padding:0}.cards{columns:2}
        .tiles div,.warning{break-inside:avoid}}

        """
}
