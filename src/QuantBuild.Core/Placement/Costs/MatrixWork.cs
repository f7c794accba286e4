namespace QuantBuild.Placement.Costs;

/// <summary>The work of products of matrices [M, K] · [K, N].</summary>
internal static class MatrixWork
{
    public static KernelWork WithConstant(double m, double k, double n) => new(m * k * n, m * k, m * n, 0, 0, k * n);

    /// <param name="block">Rows of the constant matrix that share a scale.</param>
    public static KernelWork WithPacked(double m, double k, double n, int block)
    {
        double blocks = Math.Ceiling(k / block) * n;
        return new KernelWork(m * k * n, m * k, m * n, blocks, m * blocks, k * n);
    }

    /// <param name="batch">Products of this size.</param>
    public static KernelWork OfActivations(double batch, double m, double k, double n) =>
        new(batch * m * k * n, batch * ((m * k) + (k * n)), batch * m * n, 0, batch, 0);
}
