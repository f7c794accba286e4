using System.Text;
using QuantBuild.Search;

namespace QuantBuild.Core.Tests.Search;

[TestClass]
public sealed class SearchRecordTests
{
    [TestMethod]
    public void Read_WhatWasWritten_IsTheSame()
    {
        Measured[] measured = Some();

        IReadOnlyList<Measured>? read = SearchRecord.Read(SearchRecord.Of("hash", measured).ToBytes(), "hash");

        Assert.IsNotNull(read);
        Assert.AreEqual(measured.Length, read.Count);
        for (int i = 0; i < measured.Length; i++)
        {
            Assert.AreEqual(measured[i].Proposal.Assignment.Text, read[i].Proposal.Assignment.Text);
            Assert.AreEqual(measured[i].Proposal with { Assignment = read[i].Proposal.Assignment }, read[i].Proposal);
            Assert.AreEqual(measured[i] with { Proposal = read[i].Proposal }, read[i]);
        }
    }

    [TestMethod]
    public void Read_OtherProblem_IsNull() => Assert.IsNull(SearchRecord.Read(SearchRecord.Of("hash", Some()).ToBytes(), "other"));

    [TestMethod]
    [DataRow("\"version\":1", "\"version\":2")]
    [DataRow("Float4", "Float9")]
    [DataRow("Float4", "")]
    [DataRow("\"layer000\"", "\"\"")]
    [DataRow("\"predictedBytes\":", "\"predictedBytes\":-")]
    [DataRow("\"excess\":", "\"unknown\":")]
    [DataRow("\"candidates\":[", "\"candidates\":[null,")]
    [DataRow("\"candidates\":[", "\"candidates\":[{},")]
    [DataRow("\"forms\":{", "\"forms\":{},\"other\":{")]
    [DataRow("\"Integer8\"", "null")]
    public void Read_Damaged_IsNull(string part, string replacement)
    {
        string text = Encoding.UTF8.GetString(SearchRecord.Of("hash", Some()).ToBytes());
        Assert.IsTrue(text.Contains(part, StringComparison.Ordinal), text);

        Assert.IsNull(SearchRecord.Read(Encoding.UTF8.GetBytes(text.Replace(part, replacement, StringComparison.Ordinal)), "hash"));
    }

    [TestMethod]
    public void Read_CutOrChangedAnywhere_NeverThrows()
    {
        byte[] whole = SearchRecord.Of("hash", Some()).ToBytes();
        for (int i = 0; i < whole.Length; i++)
        {
            Assert.IsNull(SearchRecord.Read(whole.AsSpan(0, i), "hash"));
            byte[] changed = [.. whole];
            changed[i] ^= 0x15;
            IReadOnlyList<Measured>? read = SearchRecord.Read(changed, "hash");
            Assert.IsTrue(read is null || read.All(one => one.Bytes >= 0 && one.Proposal.Assignment.Forms.Count > 0));
        }
    }

    private static Measured[] Some()
    {
        SearchProblem problem = SearchProblems.Model(1, 3, 4);
        Measured[] all = [.. new ExactSearch().Run(problem, [], 3, new SyntheticModel(problem, 1).Measure)];
        return
        [
            .. all,
            new Measured(Uniform(problem, "Integer8"), 7, 0.5, double.NaN, null, double.PositiveInfinity),
            new Measured(Uniform(problem, "Float4"), 1, 0.1, 0.2, 0.3, -0.7),
        ];
    }

    private static Proposal Uniform(SearchProblem problem, string code) =>
        new ChoiceSpace(problem with { Layers = OneForm(problem, code) }).Propose(new int[problem.Layers.Count]);

    private static LayerChoices[] OneForm(SearchProblem problem, string code) =>
        [.. problem.Layers.Select(layer => layer with { Options = [.. layer.Options.Where(option => option.Form.Code == code)] })];
}
