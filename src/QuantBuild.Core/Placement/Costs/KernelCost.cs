namespace QuantBuild.Placement.Costs;

/// <summary>Nanoseconds that one kernel takes on one thread, linear in its <see cref="KernelWork"/>.</summary>
/// <param name="Fixed">Per node.</param>
/// <param name="MultiplyAdd">Per multiplication with addition.</param>
/// <param name="Input">Per element read.</param>
/// <param name="Output">Per element written.</param>
/// <param name="Gathered">Per element copied together.</param>
/// <param name="Piece">Per piece.</param>
/// <param name="Weight">Per element of the constant operand.</param>
internal sealed record KernelCost(double Fixed, double MultiplyAdd, double Input, double Output, double Gathered, double Piece, double Weight)
{
    public KernelCost Times(double factor) => new(
        factor * Fixed, factor * MultiplyAdd, factor * Input, factor * Output, factor * Gathered, factor * Piece, factor * Weight);

    public double Of(KernelWork work) =>
        (Fixed * work.Nodes) + (MultiplyAdd * work.MultiplyAdds) + (Input * work.Inputs) + (Output * work.Outputs)
        + (Gathered * work.Gathered) + (Piece * work.Pieces) + (Weight * work.Weights);
}
