using QuantBuild.Onnx;

namespace QuantBuild.Execution;

/// <summary>Runs ONNX models. The only way from the stages to a runtime; whoever opens a session disposes it.</summary>
internal interface IInferenceEngine
{
    EngineIdentity Identity { get; }

    /// <summary>Loads a serialized model. Outputs that have no type in the model are allowed.</summary>
    /// <exception cref="InferenceException">The runtime refuses the model.</exception>
    IInferenceSession Open(ModelImage model);

    /// <summary>Loads a serialized model at the runtime's full optimization and gives back the graph that it will execute;
    /// large tensors are left out of it.</summary>
    /// <exception cref="InferenceException">The runtime refuses the model.</exception>
    byte[] Optimize(ModelImage model);
}

/// <summary>What the results of a runtime depend on besides the model.</summary>
/// <param name="Version">Name and version, for reports and messages.</param>
/// <param name="Library">Hash of the native library, and the build of the code that calls it.</param>
/// <param name="ProcessorClass">The instruction set that the runtime's kernels use here: results differ in their last bits between classes, and are the
/// same bits within one.</param>
internal sealed record EngineIdentity(string Version, string Library, string ProcessorClass);

/// <summary>One loaded model.</summary>
internal interface IInferenceSession : IDisposable
{
    /// <summary>Runs the model once and shows each requested output to <paramref name="visit"/>, in the order of <paramref name="outputs"/>.</summary>
    /// <param name="inputs">All inputs of the model, in any order.</param>
    /// <param name="outputs">Names of the wanted outputs.</param>
    /// <param name="visit">Called once per output; what it is shown is valid only during the call.</param>
    /// <exception cref="InferenceException">The runtime refuses the inputs or fails.</exception>
    void Run(IReadOnlyList<InputTensor> inputs, IReadOnlyList<string> outputs, OutputVisitor visit);

    /// <summary>As <see cref="Run"/>, in any order and several outputs at a time: what is done with one must not depend on what is done with another.</summary>
    void RunConcurrently(IReadOnlyList<InputTensor> inputs, IReadOnlyList<string> outputs, OutputVisitor visit) => Run(inputs, outputs, visit);
}

/// <param name="index">Position in the list of wanted outputs.</param>
/// <param name="output">Valid only during the call.</param>
internal delegate void OutputVisitor(int index, OutputTensor output);

/// <summary>The runtime's own words about why it refused or failed.</summary>
internal sealed class InferenceException(string message, Exception? cause = null) : Exception(message, cause);
