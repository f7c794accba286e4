namespace QuantBuild.Generation.FSharp;

/// <summary>Writes what opens and closes the model: <c>Load</c>, <c>OpenModel</c>, <c>Session</c>, <c>Dispose</c>.</summary>
internal static class LoadMembers
{
    /// <summary>Writes what needs no ONNX Runtime.</summary>
    public static void WriteOpening(SourceWriter writer, LoaderModel model)
    {
        string type = FSharpIdentifiers.Escape(model.ClassName);
        if (model.Settings.Embed)
            WriteOpenResource(writer, type, model.StoredAs);
        else
            WriteOpenFile(writer, type, model.StoredAs);
    }

    /// <summary>Writes what goes through the session.</summary>
    public static void WriteLoading(SourceWriter writer, LoaderModel model)
    {
        string type = FSharpIdentifiers.Escape(model.ClassName);
        if (model.Settings.Embed)
            WriteReadModel(writer, type);
        WriteLoad(writer, type, $"{type}.{(model.Settings.Embed ? "ReadModel" : "ModelPath")}()");
        WriteSession(writer, model.ClassName);
    }

    private static void WriteOpenResource(SourceWriter writer, string type, string logicalName) => writer.Write($"""
        /// <summary>{LoaderText.OpenResource}</summary>
        static member OpenModel() : {FSharpTypes.Stream} =
            match typeof<{type}>.Assembly.GetManifestResourceStream({FSharpLiteral.Of(logicalName)}) with
            | null -> raise (new {FSharpTypes.InvalidOperationException}({FSharpLiteral.Of(LoaderText.NoResource(logicalName))}))
            | stream -> stream
        """);

    private static void WriteOpenFile(SourceWriter writer, string type, string fileName)
    {
        writer.Write($"""
            static member private ModelPath() : {FSharpTypes.String} =
                let path = global.System.IO.Path.Combine(global.System.AppContext.BaseDirectory, {FSharpLiteral.Of(fileName)})
                if not (global.System.IO.File.Exists(path)) then
                    raise (new {FSharpTypes.InvalidOperationException}({FSharpLiteral.Of(LoaderText.NoFile(fileName))}))
                path
            """);
        writer.WriteMember($"""
            /// <summary>{LoaderText.OpenFile}</summary>
            static member OpenModel() : {FSharpTypes.Stream} =
                global.System.IO.File.OpenRead({type}.ModelPath()) :> {FSharpTypes.Stream}
            """);
    }

    private static void WriteLoad(SourceWriter writer, string type, string model)
    {
        writer.WriteMember($"""
            /// <summary>{LoaderText.Load}</summary>
            static member Load() : {type} =
                new {type}(new {FSharpTypes.Session}({model}))
            """);
        writer.WriteMember($"""
            /// <summary>{LoaderText.LoadWithOptions}</summary>
            /// <param name="options">{LoaderText.SessionOptions}</param>
            static member Load(options: {FSharpTypes.SessionOptions}) : {type} =
                if {FSharpTypes.IsNull("options")} then
                    raise (new {FSharpTypes.ArgumentNullException}("options"))
                new {type}(new {FSharpTypes.Session}({model}, options))
            """);
    }

    private static void WriteSession(SourceWriter writer, string className)
    {
        writer.WriteMember($"""
            /// <summary>{LoaderText.Session}</summary>
            member _.Session : {FSharpTypes.Session} =
                let session = current
                if {FSharpTypes.IsNull("session")} then
                    raise (new {FSharpTypes.ObjectDisposedException}({FSharpLiteral.Of(className)}))
                session
            """);
        writer.WriteMember($"""
            /// <summary>{LoaderText.Dispose}</summary>
            member _.Dispose() : unit =
                let last = global.System.Threading.Interlocked.Exchange(&current, global.Microsoft.FSharp.Core.Operators.Unchecked.defaultof<{FSharpTypes.Session}>)
                if not ({FSharpTypes.IsNull("last")}) then
                    last.Dispose()

            interface {FSharpTypes.Disposable} with
                member this.Dispose() = this.Dispose()
            """);
    }

    /// <summary>One array of exactly the model's size: a growing stream would hold the model twice.</summary>
    private static void WriteReadModel(SourceWriter writer, string type) => writer.WriteMember($"""
        static member private ReadModel() : global.System.Byte[] =
            use stream = {type}.OpenModel()
            let model: global.System.Byte[] = global.Microsoft.FSharp.Collections.Array.zeroCreate (int stream.Length)
            let mutable count = 0
            while count < model.Length do
                let read = stream.Read(model, count, model.Length - count)
                if read = 0 then
                    raise (new {FSharpTypes.InvalidOperationException}({FSharpLiteral.Of(LoaderText.Incomplete)}))
                count <- count + read
            model
        """);
}
