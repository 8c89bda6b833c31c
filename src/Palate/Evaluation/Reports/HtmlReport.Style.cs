namespace Palate;

/// <content>The style sheet.</content>
public static partial class HtmlReport
{
    // Stage colours keep their distance for colour-blind readers (after Okabe and Ito) on both backgrounds.
    private const string Style = """
        :root{color-scheme:light dark;--paper:#f7f7f5;--card:#fff;--ink:#1c1e21;--soft:#5d646d;--faint:#6d747d;
        --rule:#e5e5e1;--line:#c9cac6;--good:#0b7a55;--bad:#b93a1e;
        --s0:#0b6bb5;--s1:#d55e00;--s2:#00875f;--s3:#a3478a;--s4:#8a6d00;--s5:#3aa0cf;--train:#b9bec5}
        @media (prefers-color-scheme:dark){:root{--paper:#131518;--card:#1b1e22;--ink:#eceef0;--soft:#a6adb6;--faint:#7d858f;
        --rule:#2a2e34;--line:#434951;--good:#4fc79a;--bad:#f0866b;
        --s0:#5eb0ef;--s1:#f59a4a;--s2:#45c49b;--s3:#d98cc2;--s4:#d9bd4f;--s5:#9ad4ee;--train:#5a626c}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--paper);color:var(--ink);line-height:1.5;
        font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
        main{max-width:1160px;margin:0 auto;padding:40px 28px 56px}
        h1{font-size:30px;line-height:1.2;margin:2px 0 8px;letter-spacing:-.015em;overflow-wrap:anywhere}
        h2{font-size:18px;margin:0 0 14px;letter-spacing:-.005em}
        .eyebrow{margin:0;color:var(--faint);font-size:12px;font-weight:600;letter-spacing:.08em;text-transform:uppercase}
        .lede{margin:0 0 20px;color:var(--soft);max-width:80ch;overflow-wrap:anywhere}
        section{margin-top:36px}
        .facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:14px 24px;margin:0;
        padding:16px 0;border-top:1px solid var(--line);border-bottom:1px solid var(--rule)}
        .facts dt,footer dt{color:var(--faint);font-size:12px}
        .facts dd{margin:0;font-weight:600;font-variant-numeric:tabular-nums}
        .headlines{display:grid;grid-template-columns:repeat(auto-fit,minmax(240px,1fr));gap:16px;margin-top:24px}
        .card,figure,.scroll{background:var(--card);border:1px solid var(--rule);border-radius:10px}
        .card{padding:16px 18px}
        .card p{margin:0;overflow-wrap:anywhere}
        .label{font-size:13px;font-weight:600}
        .label span,.change span{color:var(--faint);font-weight:400}
        .number{font-size:32px;font-weight:650;letter-spacing:-.02em;font-variant-numeric:tabular-nums;line-height:1.3}
        .change{font-size:13px;font-weight:600;font-variant-numeric:tabular-nums}
        .change.better{color:var(--good)}.change.worse{color:var(--bad)}.change.even{color:var(--soft)}
        .scroll{overflow-x:auto}
        table{border-collapse:collapse;width:100%;font-size:14px;font-variant-numeric:tabular-nums}
        th,td{padding:9px 11px;text-align:left;border-top:1px solid var(--rule);white-space:nowrap;vertical-align:top}
        thead th{border-top:0;color:var(--soft);font-size:12px;font-weight:600}
        tbody th{font-weight:600}
        tbody th:first-child{position:sticky;left:0;background:var(--card);white-space:normal;min-width:130px;max-width:230px}
        .value{text-align:right}
        td small{display:block;color:var(--faint);font-size:10.5px;line-height:1.3}
        .best{font-weight:700}.best small{font-weight:400}
        .reference th,.reference td{color:var(--soft);font-weight:400}
        .bound th{font-style:italic}
        .none{color:var(--faint)}
        .note{margin:10px 2px 0;color:var(--faint);font-size:12.5px;max-width:100ch}
        .swatch{display:inline-block;width:14px;height:4px;border-radius:2px;margin-right:8px;vertical-align:middle;
        background:var(--faint)}
        .legend{display:flex;flex-wrap:wrap;gap:4px 20px;margin:0 0 10px;padding:0;list-style:none;font-size:13px;color:var(--soft)}
        .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr));gap:16px}
        figure{margin:0;padding:16px 16px 10px}
        figcaption{font-weight:600;font-size:14px;margin-bottom:8px;overflow-wrap:anywhere}
        figcaption span{display:block;color:var(--faint);font-size:12.5px;font-weight:400}
        figure .legend{margin:6px 0 4px 4px}
        svg{display:block;width:100%;height:auto}
        svg text{fill:var(--faint);font-size:11.5px}
        .rule{stroke:var(--rule)}.axis{stroke:var(--line)}
        .line{fill:none;stroke:var(--faint);stroke-width:2;stroke-linejoin:round}
        .line.popularity{stroke-dasharray:6 4;stroke-width:1.5}.line.chance{stroke-dasharray:2 3;stroke-width:1.5}
        .swatch.popularity{background:repeating-linear-gradient(90deg,var(--faint) 0 5px,transparent 5px 9px)}
        .swatch.chance{background:repeating-linear-gradient(90deg,var(--faint) 0 2px,transparent 2px 4px)}
        .line.s0{stroke:var(--s0)}.line.s1{stroke:var(--s1)}.line.s2{stroke:var(--s2)}
        .line.s3{stroke:var(--s3)}.line.s4{stroke:var(--s4)}.line.s5{stroke:var(--s5)}
        .swatch.s0{background:var(--s0)}.swatch.s1{background:var(--s1)}.swatch.s2{background:var(--s2)}
        .swatch.s3{background:var(--s3)}.swatch.s4{background:var(--s4)}.swatch.s5{background:var(--s5)}
        .swatch.train{background:var(--train)}
        .bar{fill:var(--train)}.bar.better{fill:var(--good)}.bar.worse{fill:var(--bad)}
        .bar.s0{fill:var(--s0)}.bar.s1{fill:var(--s1)}.bar.s2{fill:var(--s2)}
        .bar.s3{fill:var(--s3)}.bar.s4{fill:var(--s4)}.bar.s5{fill:var(--s5)}
        .pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,480px),1fr));gap:16px}
        caption{text-align:left;padding:14px 11px 4px;font-weight:600}
        caption span{color:var(--faint);font-weight:400}
        .forest th,.forest td{padding:6px 11px;vertical-align:middle}
        .interval{width:180px;height:18px}
        .zero{stroke:var(--line)}
        .span{stroke:var(--faint);stroke-width:2.5;stroke-linecap:round}.interval circle{fill:var(--faint)}
        .better .span{stroke:var(--good)}.better circle{fill:var(--good)}
        .worse .span{stroke:var(--bad)}.worse circle{fill:var(--bad)}
        .even td,.even th{color:var(--soft)}
        footer{margin-top:44px;padding-top:20px;border-top:1px solid var(--line);font-size:13px}
        footer h2{font-size:14px}
        footer dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(240px,1fr));gap:12px 24px;margin:0}
        footer dd{margin:0;color:var(--soft);overflow-wrap:anywhere}
        @media (max-width:600px){main{padding:24px 14px 40px}h1{font-size:24px}}
        @media print{body{background:#fff}.card,figure,.scroll{break-inside:avoid}}
        """;
}
