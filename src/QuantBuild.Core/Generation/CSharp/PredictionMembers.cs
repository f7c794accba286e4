namespace QuantBuild.Generation.CSharp;

/// <summary>Writes the type of a prediction, and the methods of the outputs that give the classes with the highest scores.</summary>
internal static class PredictionMembers
{
    private const string OutOfRange = "global::System.ArgumentOutOfRangeException";

    /// <summary>The members of the class of the outputs; no output may be called like them.</summary>
    public static IReadOnlyList<string> Names { get; } = ["Top", "TopProbabilities", "Select", "Scores", "Probabilities"];

    public static string TypeNameOf(string className) => className + "Prediction";

    /// <param name="output">The class of the outputs.</param>
    /// <param name="visibility">Of the class.</param>
    public static void Write(SourceWriter writer, LoaderModel model, Classifier classifier, OutputClass output, string visibility)
    {
        WriteType(writer, model.ClassName, visibility);
        writer.Write("");
        using (writer.Block($"{visibility} sealed partial class {output.Name}"))
        {
            string type = TypeNameOf(model.ClassName);
            string property = output.PropertyOf(classifier.Output);
            WriteMethods(writer, type, "Top", $"Scores are those of <see cref=\"{property}\"/>.", "scores");
            writer.Write("");
            WriteMethods(
                writer, type, "TopProbabilities", $"Scores are the softmax of <see cref=\"{property}\"/>, for a model that does not end with it.",
                "Probabilities(scores)");
            WriteScores(writer, CSharpLiteral.Of(classifier.Labels.Count), property, output.ShapeOf(classifier.Output));
            WriteSelect(writer, type, CSharpIdentifiers.Escape(model.ClassName));
            WriteProbabilities(writer);
        }
    }

    private static void WriteType(SourceWriter writer, string className, string visibility)
    {
        string type = TypeNameOf(className);
        writer.WriteMember("/// <summary>A class that the model knows, and how much speaks for it.</summary>");
        writer.Write(CSharpGenerator.GeneratedCodeAttribute);
        writer.Write($$"""
            {{visibility}} readonly partial struct {{type}}
            {
                internal {{type}}(int index, string label, float score)
                {
                    Index = index;
                    Label = label;
                    Score = score;
                }

                /// <summary>Number of the class, counted from 0.</summary>
                public int Index { get; }

                /// <summary>Name of the class.</summary>
                public string Label { get; }

                /// <summary>As the model gives it, or a probability.</summary>
                public float Score { get; }

                /// <summary>Name and score, for people.</summary>
                public override string ToString()
                {
                    return Label + " " + Score.ToString("G4", global::System.Globalization.CultureInfo.InvariantCulture);
                }
            }
            """);
    }

    private static void WriteMethods(SourceWriter writer, string type, string method, string meaning, string scores)
    {
        string order = "the highest first, of equal ones the lower number first; those that are not a number come last";
        writer.Write($$"""
            /// <summary>The classes with the highest scores, {{order}}. {{meaning}}</summary>
            /// <param name="k">How many; with more than there are classes, all.</param>
            /// <exception cref="{{RuntimeTypes.InvalidOperationException}}">The run had several samples, or none.</exception>
            public {{type}}[] {{method}}(int k)
            {
                float[] scores = Scores(-1);
                return Select(k, scores, {{scores}});
            }

            /// <summary>The classes with the highest scores of one sample of a batch, in the same order. {{meaning}}</summary>
            /// <param name="k">How many; with more than there are classes, all.</param>
            /// <param name="sample">Position in the batch, counted from 0.</param>
            public {{type}}[] {{method}}(int k, int sample)
            {
                if (sample < 0)
                {
                    throw new {{OutOfRange}}("sample", sample, "The position of a sample is not negative.");
                }
                float[] scores = Scores(sample);
                return Select(k, scores, {{scores}});
            }
            """);
    }

    private static void WriteScores(SourceWriter writer, string count, string property, string shape) => writer.WriteMember($$"""
        private float[] Scores(int sample)
        {
            int classes = {{count}};
            {{RuntimeTypes.ReadOnlySpan}}<long> shape = {{shape}};
            if (shape.Length == 0 || shape[shape.Length - 1] != classes)
            {
                throw new {{RuntimeTypes.InvalidOperationException}}("The model gave other scores than one for each of " + classes + " classes.");
            }
            int samples = {{property}}.Length / classes;
            if (sample < 0 && samples != 1)
            {
                throw new {{RuntimeTypes.InvalidOperationException}}("The run had " + samples + " samples. Say which one is meant.");
            }
            if (sample >= samples)
            {
                throw new {{OutOfRange}}("sample", sample, "The run had " + samples + " samples.");
            }
            return {{property}}.Slice(global::System.Math.Max(sample, 0) * classes, classes).ToArray();
        }
        """);

    // CompareTo takes what is not a number for the smallest.
    private static void WriteSelect(SourceWriter writer, string type, string model) => writer.WriteMember($$"""
        private static {{type}}[] Select(int k, float[] scores, float[] shown)
        {
            if (k < 0)
            {
                throw new {{OutOfRange}}("k", k, "The number of classes is not negative.");
            }
            int[] order = new int[scores.Length];
            for (int index = 0; index < order.Length; index++)
            {
                order[index] = index;
            }
            global::System.Array.Sort(
                order,
                (left, right) =>
                {
                    int byScore = scores[right].CompareTo(scores[left]);
                    return byScore != 0 ? byScore : left.CompareTo(right);
                });
            {{type}}[] best = new {{type}}[global::System.Math.Min(k, order.Length)];
            for (int rank = 0; rank < best.Length; rank++)
            {
                int index = order[rank];
                best[rank] = new {{type}}(index, {{model}}.Labels[index], shown[index]);
            }
            return best;
        }
        """);

    private static void WriteProbabilities(SourceWriter writer) => writer.WriteMember("""
        private static float[] Probabilities(float[] scores)
        {
            double highest = double.NegativeInfinity;
            foreach (float score in scores)
            {
                if (score > highest)
                {
                    highest = score;
                }
            }
            double[] powers = new double[scores.Length];
            double sum = 0;
            for (int index = 0; index < scores.Length; index++)
            {
                powers[index] = scores[index] == highest ? 1 : global::System.Math.Exp(scores[index] - highest);
                if (!double.IsNaN(powers[index]))
                {
                    sum += powers[index];
                }
            }
            float[] probabilities = new float[scores.Length];
            for (int index = 0; index < scores.Length; index++)
            {
                probabilities[index] = (float)(powers[index] / sum);
            }
            return probabilities;
        }
        """);
}
