namespace QuantBuild.Generation.VisualBasic;

/// <summary>Writes what holds the session. It lives as long as somebody uses it: the object itself until it is disposed, and every call.</summary>
internal static class SessionMembers
{
    public static void Write(SourceWriter writer, LoaderModel model)
    {
        string names(IEnumerable<string> values) => VisualBasicLiteral.ArrayOf(values);
        string disposed = $"Throw New {BasicTypes.ObjectDisposedException}({VisualBasicLiteral.Of(model.ClassName)})";
        writer.Write($"Private Shared ReadOnly InputNames As Global.System.String() = {names(model.Signature.Inputs.Select(input => input.Name))}");
        writer.Write($"Private Shared ReadOnly OutputNames As Global.System.String() = {names(model.Signature.Outputs.Select(output => output.Name))}");
        writer.Write($"Private ReadOnly _session As {BasicTypes.Session}");
        writer.Write("Private _uses As Global.System.Int32 = 1");
        writer.Write("Private _isDisposed As Global.System.Int32");
        writer.WriteMember($"""
            Private Sub New(session As {BasicTypes.Session})
                _session = session
            End Sub

            ''' <summary>{LoaderText.Session}</summary>
            Public ReadOnly Property Session As {BasicTypes.Session}
                Get
                    If Global.System.Threading.Volatile.Read(_isDisposed) <> 0 Then
                        {disposed}
                    End If
                    Return _session
                End Get
            End Property

            ''' <summary>{LoaderText.Dispose}</summary>
            Public Sub Dispose() Implements {BasicTypes.Disposable}.Dispose
                If Global.System.Threading.Interlocked.Exchange(_isDisposed, 1) = 0 Then
                    Leave()
                End If
            End Sub

            Private Function Enter() As {BasicTypes.Session}
                Dim entered As {BasicTypes.Session} = Session
                Dim current As Global.System.Int32 = Global.System.Threading.Volatile.Read(_uses)
                While current <> 0
                    Dim before As Global.System.Int32 = Global.System.Threading.Interlocked.CompareExchange(_uses, current + 1, current)
                    If before = current Then
                        Return entered
                    End If
                    current = before
                End While
                {disposed}
            End Function

            Private Sub Leave()
                If Global.System.Threading.Interlocked.Decrement(_uses) = 0 Then
                    _session.Dispose()
                End If
            End Sub
            """);
    }
}
