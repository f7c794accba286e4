namespace QuantBuild.Differentiation;

/// <summary>Runs a program forward and backward. Holds the buffers of one thread; constants are shared.</summary>
internal sealed class ProgramRun
{
    private readonly NodeProgram program;
    private readonly ValueSlot[] slots;
    private readonly bool[] wants;
    private readonly OperatorRun[] runs;

    /// <param name="constants">In place of those of the program; their tensors are read in every run, so that they may change in between.</param>
    /// <param name="learned">Constants and inputs whose gradients are wanted.</param>
    public ProgramRun(NodeProgram program, IReadOnlyDictionary<string, DenseTensor> constants, IEnumerable<string> learned)
    {
        this.program = program;
        slots = new ValueSlot[program.SlotCount];
        wants = new bool[program.SlotCount];
        for (int i = 0; i < slots.Length; i++)
            slots[i] = new ValueSlot();
        foreach ((string name, DenseTensor own) in program.Constants)
            slots[program.SlotOf(name)].Value = constants.GetValueOrDefault(name, own);
        foreach (string name in learned)
            wants[program.SlotOf(name)] = true;
        runs = [.. program.Steps.Select(MakeRun)];
    }

    public DenseTensor Output => ValueOf(program.Output);

    public DenseTensor ValueOf(string name) => slots[program.SlotOf(name)].Value;

    /// <summary>Of the last <see cref="Backward"/>.</summary>
    public DenseTensor GradientOf(string name) => slots[program.SlotOf(name)].Gradient;

    /// <param name="inputs">In the order of <see cref="NodeProgram.Inputs"/>; not changed.</param>
    /// <param name="seed">For what is drawn by chance; 0: nothing is.</param>
    /// <exception cref="NotDifferentiableException">Shapes are such that a node cannot be run.</exception>
    public DenseTensor Forward(IReadOnlyList<DenseTensor> inputs, ulong seed = 0)
    {
        for (int i = 0; i < inputs.Count; i++)
            slots[program.SlotOf(program.Inputs[i])].Value = inputs[i];
        for (int i = 0; i < runs.Length; i++)
        {
            runs[i].Seed = seed == 0 ? 0 : seed + (ulong)i;
            program.Steps[i].Operator.Forward(runs[i]);
        }
        return Output;
    }

    /// <param name="gradient">Of the output.</param>
    public void Backward(ReadOnlySpan<float> gradient)
    {
        for (int i = 0; i < slots.Length; i++)
            if (wants[i])
                slots[i].Gradient.Resize(slots[i].Value.Shape).Values.Clear();
        int output = program.SlotOf(program.Output);
        if (!wants[output])
            return;
        gradient.CopyTo(slots[output].Gradient.Values);
        for (int i = runs.Length - 1; i >= 0; i--)
            if (program.Steps[i].Outputs.Any(slot => slot >= 0 && wants[slot]))
                program.Steps[i].Operator.Backward(runs[i]);
    }

    private OperatorRun MakeRun(NodeProgram.Step step)
    {
        bool[] wanted = [.. step.Inputs.Select(slot => slot >= 0 && wants[slot])];
        foreach (int slot in step.Outputs.Where(slot => slot >= 0 && wanted.Contains(true)))
            wants[slot] = true;
        return new OperatorRun(
            [.. step.Inputs.Select(slot => slot < 0 ? null : slots[slot])], [.. step.Outputs.Select(slot => slot < 0 ? null : slots[slot])], wanted);
    }
}
