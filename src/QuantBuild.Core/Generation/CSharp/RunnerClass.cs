using QuantBuild.Onnx;

namespace QuantBuild.Generation.CSharp;

/// <summary>Writes the nested class <c>Runner</c>, whose buffers ONNX Runtime reads and writes where they are, and the methods that give one.</summary>
internal sealed class RunnerClass(LoaderModel model, RunnerBuffers buffers)
{
    private const string Binding = "global::Microsoft.ML.OnnxRuntime.OrtIoBinding";
    private const string Memory = "global::Microsoft.ML.OnnxRuntime.OrtMemoryInfo.DefaultInstance";
    private const string Token = RuntimeTypes.CancellationToken + " cancellationToken";

    private readonly string type = CSharpIdentifiers.Escape(model.ClassName);
    private readonly bool hasFreeOutputs = buffers.Tensors.Any(tensor => tensor.Shape is null);

    public void Write(SourceWriter writer)
    {
        WriteFactories(writer);
        WritePool(writer);
        writer.WriteMember($"/// <summary>{(hasFreeOutputs ? LoaderText.RunnerWithFreeOutputs : LoaderText.Runner)}</summary>");
        using (writer.Block($"public sealed class Runner : {RuntimeTypes.Disposable}"))
        {
            WriteFields(writer);
            WriteConstructor(writer);
            for (int tensor = 0; tensor < buffers.Tensors.Count; tensor++)
                WriteProperties(writer, buffers.Tensors[tensor], tensor);
            WriteRun(writer);
            WriteEnd(writer);
        }
    }

    private void WriteFactories(SourceWriter writer)
    {
        string parameters = string.Join(", ", buffers.Dimensions.Select(dimension => "long " + CSharpIdentifiers.Escape(buffers.Names[dimension])));
        string key = buffers.Dimensions.Count == 0
            ? "new long[0]"
            : $"new long[] {{ {string.Join(", ", buffers.Dimensions.Select(dimension => CSharpIdentifiers.Escape(buffers.Names[dimension])))} }}";
        IEnumerable<string> shapes = buffers.Tensors.Select(tensor => tensor.Shape switch
        {
            null => "null",
            [] => "new long[0]",
            _ => $"new long[] {{ {string.Join(", ", tensor.Shape)} }}",
        });
        string create = $"new Runner(this, {key}, new long[][] {{ {string.Join(", ", shapes)} }}, ";
        WriteDocumentation(LoaderText.CreateRunner);
        using (writer.Block($"public Runner CreateRunner({parameters})"))
            writer.Write($"return {create}false);");
        WriteDocumentation(LoaderText.RentRunner);
        using (writer.Block($"public Runner RentRunner({parameters})"))
            writer.Write($"return IdleRunner({key}) ?? {create}true);");

        void WriteDocumentation(string summary)
        {
            writer.WriteMember($"/// <summary>{summary}</summary>");
            foreach (UnknownDimension dimension in buffers.Dimensions)
                writer.Write($"/// <param name=\"{buffers.Names[dimension]}\">{RunDocumentation.Describe(dimension, buffers.Names)}</param>");
        }
    }

    private static void WritePool(SourceWriter writer)
    {
        writer.WriteMember("private readonly global::System.Collections.Generic.List<Runner> _idleRunners = new global::System.Collections.Generic.List<Runner>();");
        writer.WriteMember("""
            private Runner IdleRunner(long[] dimensions)
            {
                lock (_idleRunners)
                {
                    for (int index = _idleRunners.Count - 1; index >= 0; index--)
                    {
                        Runner runner = _idleRunners[index];
                        if (runner.Fits(dimensions))
                        {
                            _idleRunners.RemoveAt(index);
                            runner.Reopen();
                            return runner;
                        }
                    }
                }
                return null;
            }
            """);
        writer.WriteMember("""
            private void ReturnRunner(Runner runner)
            {
                lock (_idleRunners)
                {
                    if (global::System.Threading.Volatile.Read(ref _isDisposed) == 0 && _idleRunners.Count < global::System.Environment.ProcessorCount)
                    {
                        _idleRunners.Add(runner);
                        return;
                    }
                }
                runner.Close();
            }
            """);
        writer.WriteMember("""
            private void CloseRunners()
            {
                lock (_idleRunners)
                {
                    foreach (Runner runner in _idleRunners)
                    {
                        runner.Close();
                    }
                    _idleRunners.Clear();
                }
            }
            """);
        writer.WriteMember($$"""
            private static T[] CreateBuffer<T>(long[] shape, string description)
            {
                long count = CountElements(shape, description, null);
                if (count == 0 || count > int.MaxValue)
                {
                    throw new {{RuntimeTypes.ArgumentException}}(description + ", for which a buffer of the shape [" + string.Join(",", shape) + "] is empty or too large.");
                }
                return new T[count];
            }
            """);
    }

    private void WriteFields(SourceWriter writer)
    {
        writer.Write($"private readonly {type} _model;");
        writer.Write("private readonly long[] _dimensions;");
        writer.Write("private readonly bool _isPooled;");
        writer.Write($"private readonly {Binding} _binding;");
        writer.Write($"private readonly {RuntimeTypes.RunOptions} _options;");
        writer.Write($"private readonly global::System.Action<object> _terminate = Terminate;");
        writer.Write($"private readonly {RuntimeTypes.OrtValue}[] _values = new {RuntimeTypes.OrtValue}[{CSharpLiteral.Of(buffers.Tensors.Count)}];");
        for (int tensor = 0; tensor < buffers.Tensors.Count; tensor++)
        {
            if (buffers.Tensors[tensor].Shape is not null)
                writer.Write($"private readonly {buffers.Tensors[tensor].StoredElement}[] {Field(tensor)};");
        }
        if (hasFreeOutputs)
            writer.Write($"private {RuntimeTypes.Results} _results;");
        writer.Write("private int _isOpen = 1;");
    }

    private void WriteConstructor(SourceWriter writer)
    {
        writer.Write("");
        using (writer.Block($"internal Runner({type} model, long[] dimensions, long[][] shapes, bool isPooled)"))
        {
            writer.Write("_model = model;\n_dimensions = dimensions;\n_isPooled = isPooled;");
            for (int tensor = 0; tensor < buffers.Tensors.Count; tensor++)
            {
                if (buffers.Tensors[tensor] is { Shape: not null } bound)
                    writer.Write($"{Field(tensor)} = CreateBuffer<{bound.StoredElement}>(shapes[{CSharpLiteral.Of(tensor)}], {Description(bound)});");
            }
            writer.Write($"{RuntimeTypes.Session} session = model.Enter();");
            using (writer.Block("try"))
            {
                writer.Write($"_options = new {RuntimeTypes.RunOptions}();\n_binding = session.CreateIoBinding();");
                for (int tensor = 0; tensor < buffers.Tensors.Count; tensor++)
                    WriteBinding(writer, buffers.Tensors[tensor], tensor);
            }
            writer.Write("""
                catch
                {
                    Close();
                    throw;
                }
                """);
        }
    }

    private static void WriteBinding(SourceWriter writer, RunnerTensor tensor, int index)
    {
        string name = CSharpLiteral.Of(tensor.Tensor.Name);
        if (tensor.Shape is null)
        {
            writer.Write($"_binding.BindOutputToDevice({name}, {Memory});");
            return;
        }
        string number = CSharpLiteral.Of(index);
        writer.Write($"_values[{number}] = {RuntimeTypes.OrtValue}.CreateTensorValueFromMemory({Field(index)}, shapes[{number}]);");
        writer.Write($"_binding.{(tensor.IsInput ? "BindInput" : "BindOutput")}({name}, _values[{number}]);");
    }

    private void WriteProperties(SourceWriter writer, RunnerTensor tensor, int index)
    {
        string what = $"{(tensor.IsInput ? "Input" : "Output")} <c>{DocumentationText.Xml(tensor.Tensor.Name)}</c>: {DocumentationText.Xml(tensor.Tensor)}.";
        if (tensor.Shape is not null)
        {
            string span = RuntimeTypes.Cast($"new {RuntimeTypes.Span}<{tensor.StoredElement}>({Field(index)})", tensor.StoredElement, tensor.Element);
            writer.WriteMember($$"""
                /// <summary>{{what}} The buffer itself; elements in row-major order.</summary>
                public {{RuntimeTypes.Span}}<{{tensor.Element}}> {{tensor.Property}} { get { return {{span}}; } }
                """);
            return;
        }
        int output = index - buffers.Tensors.Count(bound => bound.IsInput);
        string value = $"_results[{CSharpLiteral.Of(output)}]";
        string result = RuntimeTypes.Cast($"{value}.GetTensorDataAsSpan<{tensor.StoredElement}>()", tensor.StoredElement, tensor.Element);
        string none = $"default({RuntimeTypes.ReadOnlySpan}<{tensor.Element}>)";
        writer.WriteMember($$"""
            /// <summary>{{what}} Of the last run, valid until the next; every run allocates it.</summary>
            public {{RuntimeTypes.ReadOnlySpan}}<{{tensor.Element}}> {{tensor.Property}} { get { return _results == null ? {{none}} : {{result}}; } }
            """);
        writer.WriteMember($$"""
            /// <summary>Shape of <see cref="{{tensor.Property}}"/>.</summary>
            public long[] {{tensor.ShapeProperty}} { get { return _results == null ? new long[0] : {{value}}.GetTensorTypeAndShape().Shape; } }
            """);
    }

    private void WriteRun(SourceWriter writer)
    {
        writer.WriteMember($$"""
            /// <summary>{{LoaderText.RunnerRun}}</summary>
            /// <param name="cancellationToken">Ends the run early.</param>
            /// <exception cref="{{RuntimeTypes.OperationCanceledException}}">The call was cancelled before it was done.</exception>
            public void Run({{Token}} = default({{RuntimeTypes.CancellationToken}}))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (global::System.Threading.Volatile.Read(ref _isOpen) == 0)
                {
                    throw new {{RuntimeTypes.ObjectDisposedException}}("Runner");
                }
                {{RuntimeTypes.Session}} session = _model.Enter();
                try
                {
            """);
        foreach (RunnerTensor tensor in buffers.Tensors.Where(tensor => tensor.Shape is null))
            writer.Write($"        _binding.BindOutputToDevice({CSharpLiteral.Of(tensor.Tensor.Name)}, {Memory});");
        writer.Write("""
                    if (cancellationToken.CanBeCanceled)
                    {
                        RunWithToken(session, cancellationToken);
                    }
                    else
                    {
                        session.RunWithBinding(_options, _binding);
                    }
            """);
        if (hasFreeOutputs)
            writer.Write("        _results?.Dispose();\n        _results = _binding.GetOutputValues();");
        writer.Write($$"""
                }
                finally
                {
                    _model.Leave();
                }
            }

            private void RunWithToken({{RuntimeTypes.Session}} session, {{Token}})
            {
                try
                {
                    using (cancellationToken.Register(_terminate, _options))
                    {
                        session.RunWithBinding(_options, _binding);
                    }
                }
                catch ({{RuntimeTypes.OnnxRuntimeException}} exception) when (cancellationToken.IsCancellationRequested)
                {
                    throw new {{RuntimeTypes.OperationCanceledException}}({{CSharpLiteral.Of(LoaderText.Cancelled)}}, exception, cancellationToken);
                }
                finally
                {
                    _options.Terminate = false;
                }
            }
            """);
    }

    private void WriteEnd(SourceWriter writer)
    {
        writer.WriteMember($$"""
            /// <summary>{{LoaderText.DisposeRunner}}</summary>
            public void Dispose()
            {
                if ({{RuntimeTypes.Interlocked}}.Exchange(ref _isOpen, 0) == 0)
                {
                    return;
                }
                if (_isPooled)
                {
                    _model.ReturnRunner(this);
                }
                else
                {
                    Close();
                }
            }
            """);
        writer.WriteMember("""
            internal bool Fits(long[] dimensions)
            {
                for (int index = 0; index < dimensions.Length; index++)
                {
                    if (dimensions[index] != _dimensions[index])
                    {
                        return false;
                    }
                }
                return true;
            }

            internal void Reopen()
            {
                global::System.Threading.Volatile.Write(ref _isOpen, 1);
            }
            """);
        using (writer.Block("\ninternal void Close()"))
        {
            if (hasFreeOutputs)
                writer.Write("_results?.Dispose();\n_results = null;");
            writer.Write($$"""
                _binding?.Dispose();
                _options?.Dispose();
                foreach ({{RuntimeTypes.OrtValue}} value in _values)
                {
                    value?.Dispose();
                }
                _model.Leave();
                """);
        }
    }

    private static string Field(int tensor) => "_buffer" + CSharpLiteral.Of(tensor);

    private static string Description(RunnerTensor tensor) => CSharpLiteral.Of(tensor.IsInput
        ? InputShapes.Describe(tensor.Tensor)
        : $"The output '{DocumentationText.Plain(tensor.Tensor.Name)}' has the shape [{DocumentationText.Plain(string.Join(",", tensor.Tensor.Shape!))}]");
}
