using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

[TestClass]
public sealed class FileEditedWhileWatched
{
    [TestMethod]
    public void DataThenModel_EachIsQuantizedAgain()
    {
        using var project = new TempProject(Package.Source);
        using var watched = new WatchedProject(project);
        watched.WaitUntilQuantized(1);

        NpzWriter.Write(project.File("new"), NamedArray.Of("image", [8, 1, 28, 28], SeededValues.Floats("image", 0, 1, 8 * 784)));
        File.Move(project.File("new"), project.File(TempProject.Data), overwrite: true);
        watched.WaitUntilQuantized(2);

        byte[] model = File.ReadAllBytes(project.File(TempProject.Model));
        model[model.AsSpan().IndexOf("pytorch"u8)] = (byte)'P';
        File.WriteAllBytes(project.File("new"), model);
        File.Move(project.File("new"), project.File(TempProject.Model), overwrite: true);
        watched.WaitUntilQuantized(3);
    }
}
