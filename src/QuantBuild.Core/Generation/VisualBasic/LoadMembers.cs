namespace QuantBuild.Generation.VisualBasic;

/// <summary>Writes what makes an object of the class: <c>Load</c>, <c>LoadAsync</c>, <c>LoadFrom</c>.</summary>
internal static class LoadMembers
{
    private const string Token = "cancellationToken As " + BasicTypes.CancellationToken;

    public static void Write(SourceWriter writer, LoaderModel model)
    {
        string type = VisualBasicIdentifiers.Escape(model.ClassName);
        string options = OptionsClass.NameOf(model);
        WriteLoad(writer, model, type, options);
        WriteLoadFrom(writer, type, options);
        WriteOpen(writer, model, type, options);
        WriteVerifyHash(writer);
        if (model.Settings.Embed)
            WriteReadModel(writer, model.Settings.IsPacked);
    }

    private static void WriteLoad(SourceWriter writer, LoaderModel model, string type, string options)
    {
        writer.WriteMember($"""
            ''' <summary>{LoaderText.Load}</summary>
            Public Shared Function Load() As {type}
                Return Open(Nothing, Nothing)
            End Function
            """);
        writer.WriteMember($"""
            ''' <summary>{LoaderText.LoadWithOptions}</summary>
            ''' <param name="options">{LoaderText.Options}</param>
            Public Shared Function Load(options As {options}) As {type}
                Return Open(options, Nothing)
            End Function
            """);
        string verify = model.Settings.Embed ? "" : "\n    VerifyFiles(ModelPath(), Nothing)";
        writer.WriteMember($"""
            ''' <summary>{LoaderText.LoadWithOptions}</summary>
            ''' <param name="options">{LoaderText.SessionOptions}</param>
            Public Shared Function Load(options As {BasicTypes.SessionOptions}) As {type}
                If options Is Nothing Then
                    Throw New {BasicTypes.ArgumentNullException}("options")
                End If{verify}
                Return New {type}(New {BasicTypes.Session}({(model.Settings.Embed ? "ReadModel()" : "ModelPath()")}, options))
            End Function
            """);
        writer.WriteMember($"""
            ''' <summary>{LoaderText.LoadAsync}</summary>
            ''' <param name="options">{LoaderText.Options}</param>
            ''' <param name="cancellationToken">{LoaderText.LoadCancellation}</param>
            Public Shared Function LoadAsync(Optional options As {options} = Nothing, Optional {Token} = Nothing) As {BasicTypes.Task}(Of {type})
                Return {BasicTypes.Task}.Run(
                    Function() As {type}
                        Dim model As {type} = Open(options, cancellationToken)
                        If cancellationToken.IsCancellationRequested Then
                            model.Dispose()
                            cancellationToken.ThrowIfCancellationRequested()
                        End If
                        Return model
                    End Function,
                    cancellationToken)
            End Function
            """);
    }

    private static void WriteLoadFrom(SourceWriter writer, string type, string options) => writer.WriteMember($"""
        ''' <summary>{LoaderText.LoadFrom}</summary>
        ''' <param name="path">{LoaderText.Path}</param>
        ''' <param name="options">{LoaderText.Options}</param>
        Public Shared Function LoadFrom(path As Global.System.String, Optional options As {options} = Nothing) As {type}
            If path Is Nothing Then
                Throw New {BasicTypes.ArgumentNullException}("path")
            End If
            Return OpenFile(path, options, Nothing)
        End Function
        """);

    private static void WriteOpen(SourceWriter writer, LoaderModel model, string type, string options)
    {
        string open = model.Settings.Embed
            ? $"Return New {type}(CreateSession(ReadModel(), Nothing, options))"
            : "Return OpenFile(ModelPath(), options, cancellationToken)";
        writer.WriteMember($"""
            Private Shared Function Open(options As {options}, {Token}) As {type}
                {open}
            End Function

            Private Shared Function OpenFile(path As Global.System.String, options As {options}, {Token}) As {type}
                If Not Global.System.IO.File.Exists(path) Then
                    Throw New {BasicTypes.FileNotFoundException}("There is no file '" & path & "'.", path)
                End If
                If options Is Nothing OrElse options.VerifyHash Then
                    VerifyFiles(path, cancellationToken)
                End If
                Return New {type}(CreateSession(Nothing, path, options))
            End Function

            Private Shared Function CreateSession(model As Global.System.Byte(), path As Global.System.String, options As {options}) As {BasicTypes.Session}
                Using sessionOptions As New {BasicTypes.SessionOptions}()
                    If options IsNot Nothing AndAlso options.Configure IsNot Nothing Then
                        options.Configure.Invoke(sessionOptions)
                    End If
                    Return If(model Is Nothing, New {BasicTypes.Session}(path, sessionOptions), New {BasicTypes.Session}(model, sessionOptions))
                End Using
            End Function
            """);
    }

    /// <summary>Reads a file piece by piece, so that a large one is never held.</summary>
    private static void WriteVerifyHash(SourceWriter writer) => writer.WriteMember($"""
        Private Shared Sub VerifyFiles(path As Global.System.String, {Token})
            VerifyHash(path, Metadata.ModelSha256, cancellationToken)
            If Metadata.WeightsFileName.Length > 0 Then
                Dim folder As Global.System.String = Global.System.IO.Path.GetDirectoryName(Global.System.IO.Path.GetFullPath(path))
                VerifyHash(Global.System.IO.Path.Combine(folder, Metadata.WeightsFileName), Metadata.WeightsSha256, cancellationToken)
            End If
        End Sub

        Private Shared Sub VerifyHash(path As Global.System.String, expected As Global.System.String, {Token})
            If expected.Length = 0 Then
                Throw New {BasicTypes.InvalidOperationException}({VisualBasicLiteral.Of(LoaderText.NoHash)})
            End If
            Using sha As Global.System.Security.Cryptography.SHA256 = Global.System.Security.Cryptography.SHA256.Create()
                Using stream As {BasicTypes.Stream} = Global.System.IO.File.OpenRead(path)
                    Dim buffer As Global.System.Byte() = New Global.System.Byte(131071) {"{}"}
                    Dim count As Global.System.Int32 = stream.Read(buffer, 0, buffer.Length)
                    While count > 0
                        cancellationToken.ThrowIfCancellationRequested()
                        sha.TransformBlock(buffer, 0, count, Nothing, 0)
                        count = stream.Read(buffer, 0, buffer.Length)
                    End While
                    sha.TransformFinalBlock(buffer, 0, 0)
                    Dim actual As Global.System.String = Global.System.BitConverter.ToString(sha.Hash).Replace("-", "").ToLowerInvariant()
                    If Not Global.System.String.Equals(actual, expected, Global.System.StringComparison.Ordinal) Then
                        Throw New {BasicTypes.InvalidDataException}(
                            "The file '" & path & {VisualBasicLiteral.Of(LoaderText.OtherHash)} & actual &
                            {VisualBasicLiteral.Of(LoaderText.ExpectedHash)} & expected & {VisualBasicLiteral.Of(LoaderText.HashAdvice)})
                    End If
                End Using
            End Using
        End Sub
        """);

    /// <summary>One array of exactly the model's size: a growing stream would hold the model twice.</summary>
    private static void WriteReadModel(SourceWriter writer, bool isPacked)
    {
        if (isPacked)
            WriteVerifyModel(writer);
        string verify = isPacked ? "\n        VerifyModel(stream, model, Metadata.ModelSha256)" : "";
        writer.WriteMember($"""
            Private Shared Function ReadModel() As Global.System.Byte()
                Using stream As {BasicTypes.Stream} = OpenModel()
                    Dim model As Global.System.Byte() = New Global.System.Byte(CInt({(isPacked ? "Metadata.ModelSizeBytes" : "stream.Length")}) - 1) {"{}"}
                    Dim count As Global.System.Int32 = 0
                    While count < model.Length
                        Dim read As Global.System.Int32 = stream.Read(model, count, model.Length - count)
                        If read = 0 Then
                            Throw New {BasicTypes.InvalidOperationException}({VisualBasicLiteral.Of(LoaderText.Incomplete)})
                        End If
                        count += read
                    End While{verify}
                    Return model
                End Using
            End Function
            """);
    }

    /// <summary>Brotli has no checksum of its own.</summary>
    private static void WriteVerifyModel(SourceWriter writer) => writer.WriteMember($"""
        Private Shared Sub VerifyModel(stream As {BasicTypes.Stream}, model As Global.System.Byte(), expected As Global.System.String)
            Using sha As Global.System.Security.Cryptography.SHA256 = Global.System.Security.Cryptography.SHA256.Create()
                Dim actual As Global.System.String = Global.System.BitConverter.ToString(sha.ComputeHash(model)).Replace("-", "").ToLowerInvariant()
                If stream.ReadByte() >= 0 OrElse Not Global.System.String.Equals(actual, expected, Global.System.StringComparison.Ordinal) Then
                    Throw New {BasicTypes.InvalidDataException}({VisualBasicLiteral.Of(LoaderText.OtherContent)})
                End If
            End Using
        End Sub
        """);
}
