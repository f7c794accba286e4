using System.Runtime.InteropServices;
using QuantBuild.Execution;
using QuantBuild.Onnx;

namespace QuantBuild.Core.Tests.Execution;

/// <summary>What a scripted model gives for one of its outputs.</summary>
internal sealed record ScriptedOutput(OnnxElementType ElementType, long[] Shape, byte[] Bytes)
{
    public static ScriptedOutput Floats(long[] shape, params float[] values) =>
        new(OnnxElementType.Float, shape, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
}

/// <summary>A runtime that computes what the test says.</summary>
/// <param name="compute">Gives the named output for these inputs; may throw <see cref="InferenceException"/>.</param>
internal sealed class ScriptedEngine(Func<IReadOnlyList<InputTensor>, string, ScriptedOutput> compute) : IInferenceEngine
{
    /// <summary>The outputs that each session was asked for in its runs, in the order in which sessions were opened.</summary>
    public List<List<IReadOnlyList<string>>> Sessions { get; } = [];

    public int OpenSessions { get; private set; }

    public EngineIdentity Identity => new("scripted", "", "");

    public IInferenceSession Open(ModelImage model)
    {
        OpenSessions++;
        var runs = new List<IReadOnlyList<string>>();
        Sessions.Add(runs);
        return new Session(this, runs);
    }

    public byte[] Optimize(ModelImage model) => model.Message;

    private sealed class Session(ScriptedEngine engine, List<IReadOnlyList<string>> runs) : IInferenceSession
    {
        public void Run(IReadOnlyList<InputTensor> inputs, IReadOnlyList<string> outputs, OutputVisitor visit)
        {
            runs.Add(outputs);
            for (int i = 0; i < outputs.Count; i++)
            {
                ScriptedOutput output = engine.Compute(inputs, outputs[i]);
                visit(i, new OutputTensor(output.ElementType, output.Shape, output.Bytes));
            }
        }

        public void Dispose() => engine.OpenSessions--;
    }

    private ScriptedOutput Compute(IReadOnlyList<InputTensor> inputs, string output) => compute(inputs, output);
}
