namespace QuantBuild.Generation.VisualBasic;

/// <summary>Writes what opens and closes the model: <c>Load</c>, <c>OpenModel</c>, <c>Session</c>, <c>Dispose</c>.</summary>
internal static class LoadMembers
{
    /// <summary>Writes what needs no ONNX Runtime.</summary>
    public static void WriteOpening(SourceWriter writer, LoaderModel model)
    {
        if (model.Settings.Embed)
            WriteOpenResource(writer, VisualBasicIdentifiers.Escape(model.ClassName), model.StoredAs);
        else
            WriteOpenFile(writer, model.StoredAs);
    }

    /// <summary>Writes the constructor and what goes through the session.</summary>
    public static void WriteLoading(SourceWriter writer, LoaderModel model)
    {
        string names(IEnumerable<string> values) => VisualBasicLiteral.ArrayOf(values);
        writer.Write($"Private Shared ReadOnly InputNames As Global.System.String() = {names(model.Signature.Inputs.Select(input => input.Name))}");
        writer.Write($"Private Shared ReadOnly OutputNames As Global.System.String() = {names(model.Signature.Outputs.Select(output => output.Name))}");
        writer.Write($"Private _session As {BasicTypes.Session}");
        writer.WriteMember($"""
            Private Sub New(session As {BasicTypes.Session})
                _session = session
            End Sub
            """);
        WriteLoad(writer, VisualBasicIdentifiers.Escape(model.ClassName), model.Settings.Embed ? "ReadModel()" : "ModelPath()");
        WriteSession(writer, model.ClassName);
        if (model.Settings.Embed)
            WriteReadModel(writer);
    }

    private static void WriteOpenResource(SourceWriter writer, string type, string logicalName) => writer.WriteMember($"""
        ''' <summary>{LoaderText.OpenResource}</summary>
        Public Shared Function OpenModel() As {BasicTypes.Stream}
            Dim stream As {BasicTypes.Stream} = GetType({type}).Assembly.GetManifestResourceStream({VisualBasicLiteral.Of(logicalName)})
            If stream Is Nothing Then
                Throw New {BasicTypes.InvalidOperationException}({VisualBasicLiteral.Of(LoaderText.NoResource(logicalName))})
            End If
            Return stream
        End Function
        """);

    private static void WriteOpenFile(SourceWriter writer, string fileName)
    {
        writer.WriteMember($"""
            ''' <summary>{LoaderText.OpenFile}</summary>
            Public Shared Function OpenModel() As {BasicTypes.Stream}
                Return Global.System.IO.File.OpenRead(ModelPath())
            End Function
            """);
        writer.WriteMember($"""
            Private Shared Function ModelPath() As Global.System.String
                Dim path As Global.System.String = Global.System.IO.Path.Combine(Global.System.AppContext.BaseDirectory, {VisualBasicLiteral.Of(fileName)})
                If Not Global.System.IO.File.Exists(path) Then
                    Throw New {BasicTypes.InvalidOperationException}({VisualBasicLiteral.Of(LoaderText.NoFile(fileName))})
                End If
                Return path
            End Function
            """);
    }

    private static void WriteLoad(SourceWriter writer, string type, string model)
    {
        writer.WriteMember($"""
            ''' <summary>{LoaderText.Load}</summary>
            Public Shared Function Load() As {type}
                Return New {type}(New {BasicTypes.Session}({model}))
            End Function
            """);
        writer.WriteMember($"""
            ''' <summary>{LoaderText.LoadWithOptions}</summary>
            ''' <param name="options">{LoaderText.SessionOptions}</param>
            Public Shared Function Load(options As {BasicTypes.SessionOptions}) As {type}
                If options Is Nothing Then
                    Throw New {BasicTypes.ArgumentNullException}("options")
                End If
                Return New {type}(New {BasicTypes.Session}({model}, options))
            End Function
            """);
    }

    private static void WriteSession(SourceWriter writer, string className)
    {
        writer.WriteMember($"""
            ''' <summary>{LoaderText.Session}</summary>
            Public ReadOnly Property Session As {BasicTypes.Session}
                Get
                    Dim current As {BasicTypes.Session} = _session
                    If current Is Nothing Then
                        Throw New {BasicTypes.ObjectDisposedException}({VisualBasicLiteral.Of(className)})
                    End If
                    Return current
                End Get
            End Property
            """);
        writer.WriteMember($"""
            ''' <summary>{LoaderText.Dispose}</summary>
            Public Sub Dispose() Implements {BasicTypes.Disposable}.Dispose
                Dim last As {BasicTypes.Session} = Global.System.Threading.Interlocked.Exchange(_session, Nothing)
                If last IsNot Nothing Then
                    last.Dispose()
                End If
            End Sub
            """);
    }

    /// <summary>One array of exactly the model's size: a growing stream would hold the model twice.</summary>
    private static void WriteReadModel(SourceWriter writer) => writer.WriteMember($"""
        Private Shared Function ReadModel() As Global.System.Byte()
            Using stream As {BasicTypes.Stream} = OpenModel()
                Dim model As Global.System.Byte() = New Global.System.Byte(CInt(stream.Length) - 1) {"{}"}
                Dim count As Global.System.Int32 = 0
                While count < model.Length
                    Dim read As Global.System.Int32 = stream.Read(model, count, model.Length - count)
                    If read = 0 Then
                        Throw New {BasicTypes.InvalidOperationException}({VisualBasicLiteral.Of(LoaderText.Incomplete)})
                    End If
                    count += read
                End While
                Return model
            End Using
        End Function
        """);
}
