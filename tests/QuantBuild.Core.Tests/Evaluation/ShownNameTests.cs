using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using QuantBuild.Evaluation;
using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Evaluation;

[TestClass]
public sealed class ShownNameTests
{
    [TestMethod]
    [DataRow("/layer1/Conv", "/layer1/Conv")]
    [DataRow("größe 名前 😀", "größe 名前 😀")]
    [DataRow("a\nerror QB0000: b\r\0", "a\\u000Aerror QB0000: b\\u000D\\u0000")]
    [DataRow("\u001b[31mred", "\\u001B[31mred")]
    [DataRow("abc\u202Egnp.exe", "abc\\u202Egnp.exe")]
    [DataRow("a\u2028b\u200Fc", "a\\u2028b\\u200Fc")]
    public void Of_AnyName_IsOneLineThatMovesNothing(string name, string shown) => Assert.AreEqual(shown, ShownName.Of(name));

    [TestMethod]
    public void Of_LoneSurrogate_IsReplaced() => Assert.AreEqual("a\uFFFDb", ShownName.Of("a" + (char)0xD800 + "b"));

    [TestMethod]
    public void Of_LongName_IsCut() => Assert.IsLessThan(200, ShownName.Of(new string('x', 100_000)).Length);

    [TestMethod]
    [DataRow("/layer1/Conv", true)]
    [DataRow("a\nb", true)]
    [DataRow("a;b", false)]
    [DataRow(" a", false)]
    [DataRow("a\t", false)]
    [DataRow("", false)]
    [DataRow("a\0b", false)]
    public void CanBePasted_NameThatAListCanHold(string name, bool can) => Assert.AreEqual(can, ShownName.CanBePasted(name));

    [TestMethod]
    public void CanBePasted_LoneSurrogate_No() => Assert.IsFalse(ShownName.CanBePasted("a" + (char)0xDC00));

    /// <summary>What XML, MSBuild and the list of names make of it is what it was.</summary>
    [TestMethod]
    public void Attribute_HostileNames_ComeBackFromTheProjectFile()
    {
        string[] names =
        [
            "/layer1/Conv", "a\"b'c<d>e&f", "50%41", "$(Secret)", "@(Compile)", "%(Filename)", "$x @y", "line\nbreak\r\tend", "\u001b[2J", "a\u202Eb", "名前 😀",
        ];

        string attribute = ShownName.Attribute("ExcludedNodes", names);

        Assert.IsFalse(attribute.Any(char.IsControl), attribute);
        Assert.DoesNotContain("$(", attribute);
        Assert.DoesNotContain("@(", attribute);
        string value = XElement.Parse($"<QuantizeModel {attribute} />").Attribute("ExcludedNodes")!.Value;
        string evaluated = Regex.Replace(
            value, "%([0-9A-Fa-f]{2})", match => ((char)int.Parse(match.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString());
        CollectionAssert.AreEqual(names, NameList.Split(evaluated).ToArray());
    }
}
