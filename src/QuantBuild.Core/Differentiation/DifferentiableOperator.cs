namespace QuantBuild.Differentiation;

/// <summary>What a node computes, and how its error goes back to what it reads.</summary>
/// <remarks>Holds what the node's attributes and constants say, and no values: one object serves all threads.</remarks>
internal abstract class DifferentiableOperator
{
    /// <summary>Fills <see cref="OperatorRun.Output"/> from <see cref="OperatorRun.Input"/>.</summary>
    public abstract void Forward(OperatorRun run);

    /// <summary>Adds to every <see cref="OperatorRun.InputGradient"/> that is wanted. Inputs and outputs are still those of <see cref="Forward"/>.</summary>
    public abstract void Backward(OperatorRun run);
}
