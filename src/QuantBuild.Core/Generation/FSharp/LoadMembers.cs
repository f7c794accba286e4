namespace QuantBuild.Generation.FSharp;

/// <summary>Writes what makes an object of the type: <c>Load</c>, <c>LoadAsync</c>, <c>LoadFrom</c>.</summary>
internal static class LoadMembers
{
    private const string Token = "cancellationToken: " + FSharpTypes.CancellationToken;

    public static void Write(SourceWriter writer, LoaderModel model)
    {
        string type = FSharpIdentifiers.Escape(model.ClassName);
        string options = OptionsType.NameOf(model);
        if (model.Settings.Embed)
            WriteReadModel(writer, model, type);
        WriteVerifyHash(writer, model, type);
        WriteOpen(writer, model, type, options);
        WriteLoad(writer, model, type, options);
    }

    private static void WriteLoad(SourceWriter writer, LoaderModel model, string type, string options)
    {
        string none = FSharpTypes.CancellationToken + ".None";
        string noOptions = $"global.Microsoft.FSharp.Core.Operators.Unchecked.defaultof<{options}>";
        writer.WriteMember($"""
            /// <summary>{LoaderText.Load}</summary>
            static member Load() : {type} = {type}.Open({noOptions}, {none})
            """);
        writer.WriteMember($"""
            /// <summary>{LoaderText.LoadWithOptions}</summary>
            /// <param name="options">{LoaderText.Options}</param>
            static member Load(options: {options}) : {type} = {type}.Open(options, {none})
            """);
        string verify = model.Settings.Embed ? "" : $"\n    {type}.VerifyFiles({type}.ModelPath(), {none})";
        writer.WriteMember($"""
            /// <summary>{LoaderText.LoadWithOptions}</summary>
            /// <param name="options">{LoaderText.SessionOptions}</param>
            static member Load(options: {FSharpTypes.SessionOptions}) : {type} =
                if {FSharpTypes.IsNull("options")} then
                    raise (new {FSharpTypes.ArgumentNullException}("options")){verify}
                new {type}(new {FSharpTypes.Session}({type}.{(model.Settings.Embed ? "ReadModel" : "ModelPath")}(), options))
            """);
        writer.WriteMember($"""
            /// <summary>{LoaderText.LoadAsync}</summary>
            /// <param name="options">{LoaderText.Options}</param>
            /// <param name="cancellationToken">{LoaderText.LoadCancellation}</param>
            static member LoadAsync(options: {options}, {Token}) : {FSharpTypes.Task}<{type}> =
                let load () =
                    let model = {type}.Open(options, cancellationToken)
                    if cancellationToken.IsCancellationRequested then
                        model.Dispose()
                        cancellationToken.ThrowIfCancellationRequested()
                    model
                {FSharpTypes.Task}.Run<{type}>(new global.System.Func<{type}>(load), cancellationToken)
            """);
        writer.WriteMember($"""
            /// <summary>{LoaderText.LoadAsync}</summary>
            static member LoadAsync() : {FSharpTypes.Task}<{type}> = {type}.LoadAsync({noOptions}, {none})
            """);
        writer.WriteMember($"""
            /// <summary>{LoaderText.LoadFrom}</summary>
            /// <param name="path">{LoaderText.Path}</param>
            /// <param name="options">{LoaderText.Options}</param>
            static member LoadFrom(path: {FSharpTypes.String}, options: {options}) : {type} =
                if {FSharpTypes.IsNull("path")} then
                    raise (new {FSharpTypes.ArgumentNullException}("path"))
                {type}.OpenFile(path, options, {none})
            """);
        writer.WriteMember($"""
            /// <summary>{LoaderText.LoadFrom}</summary>
            /// <param name="path">{LoaderText.Path}</param>
            static member LoadFrom(path: {FSharpTypes.String}) : {type} = {type}.LoadFrom(path, {noOptions})
            """);
    }

    private static void WriteOpen(SourceWriter writer, LoaderModel model, string type, string options)
    {
        writer.WriteMember($"""
            static member private Configured(options: {options}) : {FSharpTypes.SessionOptions} =
                let sessionOptions = new {FSharpTypes.SessionOptions}()
                try
                    if not ({FSharpTypes.IsNull("options")}) && not ({FSharpTypes.IsNull("options.Configure")}) then
                        options.Configure.Invoke(sessionOptions)
                    sessionOptions
                with _ ->
                    sessionOptions.Dispose()
                    reraise ()
            """);
        writer.WriteMember($"""
            static member private OpenFile(path: {FSharpTypes.String}, options: {options}, {Token}) : {type} =
                if not (global.System.IO.File.Exists(path)) then
                    raise (new {FSharpTypes.FileNotFoundException}("There is no file '" + path + "'.", path))
                if {FSharpTypes.IsNull("options")} || options.VerifyHash then
                    {type}.VerifyFiles(path, cancellationToken)
                use sessionOptions = {type}.Configured(options)
                new {type}(new {FSharpTypes.Session}(path, sessionOptions))
            """);
        writer.WriteMember(model.Settings.Embed
            ? $"""
              static member private Open(options: {options}, {Token}) : {type} =
                  cancellationToken.ThrowIfCancellationRequested()
                  use sessionOptions = {type}.Configured(options)
                  new {type}(new {FSharpTypes.Session}({type}.ReadModel(), sessionOptions))
              """
            : $"""
              static member private Open(options: {options}, {Token}) : {type} =
                  {type}.OpenFile({type}.ModelPath(), options, cancellationToken)
              """);
    }

    /// <summary>Reads a file piece by piece, so that a large one is never held.</summary>
    private static void WriteVerifyHash(SourceWriter writer, LoaderModel model, string type)
    {
        writer.WriteMember($"""
            static member private VerifyHash(path: {FSharpTypes.String}, expected: {FSharpTypes.String}, {Token}) : unit =
                if expected.Length = 0 then
                    raise (new {FSharpTypes.InvalidOperationException}({FSharpLiteral.Of(LoaderText.NoHash)}))
                use sha = global.System.Security.Cryptography.SHA256.Create()
                use stream = global.System.IO.File.OpenRead(path)
                let buffer: global.System.Byte[] = global.Microsoft.FSharp.Collections.Array.zeroCreate 131072
                let mutable count = stream.Read(buffer, 0, buffer.Length)
                while count > 0 do
                    cancellationToken.ThrowIfCancellationRequested()
                    sha.TransformBlock(buffer, 0, count, buffer, 0) |> ignore
                    count <- stream.Read(buffer, 0, buffer.Length)
                sha.TransformFinalBlock(buffer, 0, 0) |> ignore
                let hash: global.System.Byte[] = global.Microsoft.FSharp.Core.Operators.Unchecked.nonNull sha.Hash
                let actual = global.System.BitConverter.ToString(hash).Replace("-", "").ToLowerInvariant()
                if not ({FSharpTypes.String}.Equals(actual, expected, global.System.StringComparison.Ordinal)) then
                    raise (new {FSharpTypes.InvalidDataException}(
                        "The file '" + path + {FSharpLiteral.Of(LoaderText.OtherHash)} + actual
                        + {FSharpLiteral.Of(LoaderText.ExpectedHash)} + expected + {FSharpLiteral.Of(LoaderText.HashAdvice)}))
            """);
        string metadata = FSharpIdentifiers.Escape(model.ClassName + "Metadata");
        writer.WriteMember($"""
            static member private VerifyFiles(path: {FSharpTypes.String}, {Token}) : unit =
                {type}.VerifyHash(path, {metadata}.ModelSha256, cancellationToken)
                if {metadata}.WeightsFileName.Length > 0 then
                    let file = new global.System.IO.FileInfo(path)
                    let folder = file.FullName.Substring(0, file.FullName.Length - file.Name.Length)
                    {type}.VerifyHash(folder + {metadata}.WeightsFileName, {metadata}.WeightsSha256, cancellationToken)
            """);
    }

    /// <summary>One array of exactly the model's size: a growing stream would hold the model twice.</summary>
    private static void WriteReadModel(SourceWriter writer, LoaderModel loaderModel, string type)
    {
        string metadata = FSharpIdentifiers.Escape(loaderModel.ClassName + "Metadata");
        bool isPacked = loaderModel.Settings.IsPacked;
        if (isPacked)
            WriteVerifyModel(writer);
        string verify = isPacked ? $"\n    {type}.VerifyModel(stream, model, {metadata}.ModelSha256)" : "";
        writer.WriteMember($"""
            static member private ReadModel() : global.System.Byte[] =
                use stream = {type}.OpenModel()
                let model: global.System.Byte[] = global.Microsoft.FSharp.Collections.Array.zeroCreate (int {(isPacked ? metadata + ".ModelSizeBytes" : "stream.Length")})
                let mutable count = 0
                while count < model.Length do
                    let read = stream.Read(model, count, model.Length - count)
                    if read = 0 then
                        raise (new {FSharpTypes.InvalidOperationException}({FSharpLiteral.Of(LoaderText.Incomplete)}))
                    count <- count + read{verify}
                model
            """);
    }

    /// <summary>Brotli has no checksum of its own.</summary>
    private static void WriteVerifyModel(SourceWriter writer) => writer.WriteMember($"""
        static member private VerifyModel(stream: {FSharpTypes.Stream}, model: global.System.Byte[], expected: {FSharpTypes.String}) : unit =
            use sha = global.System.Security.Cryptography.SHA256.Create()
            let actual = global.System.BitConverter.ToString(sha.ComputeHash(model)).Replace("-", "").ToLowerInvariant()
            if stream.ReadByte() >= 0 || not ({FSharpTypes.String}.Equals(actual, expected, global.System.StringComparison.Ordinal)) then
                raise (new {FSharpTypes.InvalidDataException}({FSharpLiteral.Of(LoaderText.OtherContent)}))
        """);
}
