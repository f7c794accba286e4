using QuantBuild.Execution;
using QuantBuild.Onnx;

namespace QuantBuild.Placement.Costs;

/// <summary>What products by packed codes cost beside the same products in float, which the table has of one measurement.</summary>
internal sealed class PackedProductCosts(CostTable table, TensorFacts facts)
{
    /// <summary>Of all nodes that read a matrix.</summary>
    /// <param name="readers">They multiply by it.</param>
    /// <param name="k">Rows of the matrix.</param>
    /// <param name="n">Columns.</param>
    /// <returns>Time over that in float; null when the shapes tell nothing of the work.</returns>
    public double? Relative(IEnumerable<OnnxNode> readers, int k, int n, PackedProduct product)
    {
        KernelCostPair cost = table.Of(KernelNames.PackedProductOf(product.Bits, product.AccuracyLevel, product.Block));
        double inFloat = 0;
        double packed = 0;
        foreach (OnnxNode reader in readers)
        {
            if (facts.Of(reader.Outputs[0]) is not { Length: > 0 } output)
                continue;
            double rows = (double)output.Length / n;
            inFloat += cost.Float.Of(MatrixWork.WithConstant(rows, k, n));
            packed += cost.Integer.Of(MatrixWork.WithPacked(rows, k, n, product.Block));
        }
        return inFloat > 0 ? packed / inFloat : null;
    }
}
