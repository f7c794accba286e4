namespace QuantBuild.Core.Tests.Generation;

/// <summary>Texts that try to become code, from a seed.</summary>
internal sealed class HostileTexts(int seed)
{
    private static readonly string[] texts =
    [
        .. HostileModelTests.Names.Select(row => (string)row[0]),
        "namespace", "event", "record", "required", "async", "End", "Sub", "rem", "let", "mutable", "type", "then", "``", "``a``", "[x]",
        "a-b", "a b", "A_B", "aB", "A.b", "1x", "2", "0x1F", "1e5", "٣", "Ⅷ", "ʰ", "ǅ", "ﬁ", "ß", "K", "x\u0301", "\u0301x", "a\u200Db", "a\u00ADb",
        "Metadata", "ImageName", "ImageRank", "ImageDimension0", "InputCount", "ResourceName", "Input1", "Output1Shape", "values2",
        "inferDimension", "InferDimension", "CreateTensor", "CreateStringTensor", "CountElements", "LengthOf", "elements0", "shape0",
        "this", "Me", "MyBase", "self", "raise", "reraise", "not", "id", "box", "unit", "obj", "OrtValue", "Microsoft", "GC", "QUANTBUILD_ONNXRUNTIME",
        "#endif", "\n#endif\n", "\r#else\r", "\u2028#if FALSE\u2028", "\n#End If\n", "\n#line 1 \"x\"", "\n#nullable enable", "\n#r \"x\"",
        "\\u000a[System.Obsolete]", "\\u000A}", "\\x0a", "\\n", "\\\"", "\\", "\\\\\"", "\"\"", "\"\"\" \"\"\"\"", "@\"", "$\"{x}\"", "$\"", "$$\"\"\"{{{x}}}\"\"\"",
        "{{", "}}", "{x}", "%s", "%d%%", "%A{x}", "' Rem", "_ \n", " _\r\n", "(*", "*)", "(* \" *)", "//", "/*", "*/ class X { } /*", "'''", "\u2018", "\u201C\u201D",
        "</summary><remarks>", "</summary>\n/// <script>", "<![CDATA[ ]]>", "<!--", "-->", "<see cref=\"T:X\"/>", "<?x?>", "&#10;", "&lt;", "&", "\"/>", "'/>",
        "\r\n[System.Runtime.CompilerServices.ModuleInitializer]\r\ninternal static void Run() { }\r\n",
        "\n''' </summary>\nModule X\nEnd Module", "\n[<EntryPoint>]\nlet main _ = 0", "\u0085[assembly: X]", "\f}", "\v;", "\0;", "\u001A", "\uFFF9",
        "\u202E}\u202C;", "\u2066//\u2069", "\u061Cx", "\U000E0041", "\U0001F468\u200D\U0001F469", "한글", "ไทย", "עברית", "العربية", "\uFDFA",
    ];

    private readonly Random random = new(seed);
    private readonly HashSet<string> given = new(StringComparer.Ordinal);

    /// <summary>A text alone, with another before or after it, or with strange characters around it; sometimes of 10,000 characters.</summary>
    public string Any()
    {
        string text = texts[random.Next(texts.Length)];
        return random.Next(10) switch
        {
            < 5 => text,
            5 => text + texts[random.Next(texts.Length)],
            6 => "image" + text,
            7 => text + "\r\n" + texts[random.Next(texts.Length)],
            8 => Characters(random.Next(1, 20)),
            _ => random.Next(20) == 0 ? string.Concat(Enumerable.Repeat(Characters(20), 500)) : text.ToUpperInvariant(),
        };
    }

    /// <summary>A text that no call before has given; others may differ from it only in what is left out of identifiers.</summary>
    public string Unique()
    {
        string text = Any();
        while (text.Length == 0 || !given.Add(text))
            text += " -_\u0301"[random.Next(4)];
        return text;
    }

    /// <summary>Any characters but halves of surrogate pairs, which no file holds.</summary>
    private string Characters(int count) => new([.. Enumerable.Range(0, count).Select(_ => Character())]);

    private char Character() => random.Next(3) switch
    {
        0 => (char)random.Next(0x80),
        1 => (char)random.Next(0x2000, 0x2100),
        _ => (char)random.Next(0xD800),
    };
}
