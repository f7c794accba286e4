using System.Text;
using QuantBuild.Sensitivity;
using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Sensitivity;

[TestClass]
public sealed class SensitivityTableTests
{
    private static readonly SensitivityTable Table = new(
        64,
        3.5,
        [new SensitivityEntry("conv", "Integer8", 1e-4, 0.01, Measured: true), new SensitivityEntry("conv", "Float32", 0, null, Measured: true)]);

    [TestMethod]
    public void Read_WrittenTable_IsTheSame()
    {
        SensitivityTable read = SensitivityTable.Read(Table.ToBytes())!;

        CollectionAssert.AreEqual(Table.Entries.ToArray(), read.Entries.ToArray());
        Assert.AreEqual(Table with { Entries = read.Entries }, read);
        Assert.AreEqual(40, read.Of("conv", new LayerForm(LayerKernel.Integer, 8))!.Decibels!.Value, 1e-9);
        Assert.IsNull(read.Of("conv", LayerForm.Float32)!.Decibels);
        Assert.IsNull(read.Of("gemm", LayerForm.Float32));
    }

    [TestMethod]
    [DataRow("Integer8", "Integer9", DisplayName = "a form that there is not")]
    [DataRow("\"noise\": 0.0001", "\"noise\": -1", DisplayName = "noise below zero")]
    [DataRow("\"divergence\": 0.01", "\"divergence\": -0.01", DisplayName = "divergence below zero")]
    [DataRow("Integer8", "Float32", DisplayName = "a form twice")]
    [DataRow("\"samples\": 64", "\"samples\": -1", DisplayName = "samples below zero")]
    [DataRow("\"entries\": [", "\"others\": [", DisplayName = "no entries")]
    [DataRow("}", "", DisplayName = "no JSON")]
    public void Read_WhatIsNoTable_Null(string part, string other)
    {
        string text = Encoding.UTF8.GetString(Table.ToBytes());
        StringAssert.Contains(text, part);

        Assert.IsNull(SensitivityTable.Read(Encoding.UTF8.GetBytes(text.Replace(part, other, StringComparison.Ordinal))));
    }
}
