using QuantBuild.Tasks.Workers;

namespace QuantBuild.Tasks.Tests.Workers;

[TestClass]
public sealed class CommandLineTests
{
    [TestMethod]
    [DataRow("plain", "plain")]
    [DataRow("", "\"\"")]
    [DataRow("two words", "\"two words\"")]
    [DataRow("C:\\no blank\\", "\"C:\\no blank\\\\\"")]
    [DataRow("C:\\path\\", "C:\\path\\")]
    [DataRow("say \"hi\"", "\"say \\\"hi\\\"\"")]
    [DataRow("a\\\"b", "\"a\\\\\\\"b\"")]
    [DataRow("Åé日本@%;'()&", "Åé日本@%;'()&")]
    public void Join_OneArgument_ReadsBackAsItself(string argument, string expected) => Assert.AreEqual(expected, CommandLine.Join([argument]));

    [TestMethod]
    public void Join_Several_OneBlankBetween() => Assert.AreEqual("exec \"a b\" c", CommandLine.Join(["exec", "a b", "c"]));
}
