namespace QuantBuild.Generation.CSharp;

/// <summary>Writes the class that changes between the variants of a model while the program runs, and the class of its options.</summary>
internal static class AdaptiveClass
{
    /// <summary>As the source has it.</summary>
    public static string NameOf(LoaderModel model) => CSharpIdentifiers.Escape(model.ClassName + "Adaptive");

    /// <inheritdoc cref="NameOf"/>
    public static string OptionsNameOf(LoaderModel model) => CSharpIdentifiers.Escape(model.ClassName + "AdaptiveOptions");

    public static void Write(SourceWriter writer, LoaderModel model, RunMethods run, InputStruct input, OutputClass output, string visibility)
    {
        string name = NameOf(model);
        writer.WriteMember($$"""
            /// <summary>
            /// Runs each call on the most accurate form of <c>{{model.ClassName}}</c> with which nine of ten calls keep the latency budget. Several threads may
            /// share one object. The first calls measure all forms, also those that are too slow. When more than two of the last twenty calls are late,
            /// later calls run on a faster form; calls that are going on end where they began. Now and then a call tries a more accurate form, and after
            /// three tries that kept the budget with room, later calls run on that.
            /// </summary>
            """);
        writer.Write(CSharpGenerator.GeneratedCodeAttribute);
        using (writer.Block($"{visibility} sealed partial class {name} : {RuntimeTypes.Disposable}"))
        {
            WriteState(writer, model, name);
            run.WriteForwarding(writer, (names, call, result) => WriteCall(writer, names, call, result));
            input.WriteRun(writer, output.Name);
            PixelMembers.WriteForwarding(writer, model, output, (names, call, result) => WriteCall(writer, names, call, result));
            writer.Write("");
            writer.Write(EmbeddedSource.PrivateClass(nameof(VariantController)));
        }
        WriteOptions(writer, model, visibility);
    }

    private static void WriteState(SourceWriter writer, LoaderModel model, string name)
    {
        string type = CSharpIdentifiers.Escape(model.ClassName);
        writer.Write($"private readonly {type}[] _models;");
        writer.Write($"private readonly {nameof(VariantController)} _controller;");
        writer.WriteMember($$"""
            /// <param name="models">The most accurate first; they belong to this object.</param>
            /// <param name="options">The budget, and how often a more accurate form is tried.</param>
            internal {{name}}({{type}}[] models, {{OptionsNameOf(model)}} options)
            {
                _models = models;
                double ticksPerSecond = global::System.Diagnostics.Stopwatch.Frequency;
                _controller = new {{nameof(VariantController)}}(
                    models.Length,
                    (long)(options.LatencyBudget.TotalSeconds * ticksPerSecond),
                    (long)(options.ProbeInterval.TotalSeconds * ticksPerSecond),
                    global::System.Diagnostics.Stopwatch.GetTimestamp,
                    (former, now) => Changed?.Invoke(this, global::System.EventArgs.Empty),
                    Release,
                    {{CSharpLiteral.Of(model.ClassName + "Adaptive")}});
            }
            """);
        writer.WriteMember($$"""
            /// <summary>Tells that <see cref="Current"/> is another form now, on the thread of the call after which it is. A handler should be short.</summary>
            public event global::System.EventHandler Changed;
            """);
        writer.WriteMember($$"""
            /// <summary>The form that calls run on, but for those that measure or try another one.</summary>
            public {{VariantEnum.NameOf(model)}} Current { get { return _models[_controller.Current].Variant; } }
            """);
        writer.WriteMember("""
            /// <summary>The latency that at most two of the last twenty calls on <see cref="Current"/> exceeded; zero before the first.</summary>
            public global::System.TimeSpan RecentLatency
            {
                get { return global::System.TimeSpan.FromSeconds(_controller.RecentLatency / (double)global::System.Diagnostics.Stopwatch.Frequency); }
            }
            """);
        writer.WriteMember("""
            /// <summary>Releases all forms when the last call that is going on has ended. Calls that start later are refused with an ObjectDisposedException.</summary>
            public void Dispose()
            {
                _controller.Close();
            }
            """);
        writer.WriteMember($$"""
            private void Release()
            {
                foreach ({{type}} model in _models)
                {
                    model.Dispose();
                }
            }
            """);
    }

    private static void WriteCall(SourceWriter writer, NameScope names, string call, string result)
    {
        string begun = names.Take("call");
        string succeeded = names.Take("succeeded");
        string output = names.Take("output");
        writer.Write($$"""
            {{nameof(VariantController)}}.Call {{begun}} = _controller.Begin();
            bool {{succeeded}} = false;
            try
            {
                {{result}} {{output}} = _models[{{begun}}.Variant].{{call}};
                {{succeeded}} = true;
                return {{output}};
            }
            finally
            {
                _controller.End({{begun}}, {{succeeded}});
            }
            """);
    }

    private static void WriteOptions(SourceWriter writer, LoaderModel model, string visibility)
    {
        writer.WriteMember($"/// <summary>How <c>{model.ClassName}Adaptive</c> chooses.</summary>");
        writer.Write(CSharpGenerator.GeneratedCodeAttribute);
        using (writer.Block($"{visibility} sealed partial class {OptionsNameOf(model)}"))
        {
            writer.Write("""
                /// <summary>How long a call may take. It has to be set.</summary>
                public global::System.TimeSpan LatencyBudget { get; set; }
                """);
            writer.WriteMember("""
                /// <summary>How long after a failure a more accurate form is tried again; every further failure doubles it. One second at first.</summary>
                public global::System.TimeSpan ProbeInterval { get; set; } = global::System.TimeSpan.FromSeconds(1);
                """);
            writer.WriteMember($$"""
                /// <summary>How the forms are loaded. Null: with the default options.</summary>
                public {{OptionsClass.NameOf(model)}} Loading { get; set; }
                """);
        }
    }
}
