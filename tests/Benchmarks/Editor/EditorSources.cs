using System.Collections.Generic;
using System.Linq;

namespace Strata.Benchmarks.Editor;

/// <summary>Files that are edited, beside those of the zoo.</summary>
internal static class EditorSources
{
    private const int Methods = 5;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<EditedFile> All => [Unrelated, Network, Operator];

    /// <summary>A keystroke in a method's body, in a file that has nothing to do with networks.</summary>
    public static EditedFile Unrelated { get; } = EditedFile.Of("App.cs", $$"""
        using System;
        using System.Collections.Generic;
        using System.Linq;

        namespace App;

        public sealed class Orders
        {
            private readonly List<(string Name, int Count)> _orders = [];
        {{string.Concat(Enumerable.Range(0, Methods).Select(i => $$"""

                public int Total{{i}}(string name)
                {
                    int total = {{(i == Methods / 2 ? "9999" : "1")}};
                    foreach ((string other, int count) in _orders.Where(order => order.Count > {{i}}))
                    {
                        total += other == name ? count : 0;
                    }

                    Console.WriteLine($"{name}: {total}");
                    return total;
                }

            """))}}
        }

        """);

    /// <summary>A keystroke in the attributes of a network.</summary>
    public static EditedFile Network { get; } = EditedFile.Of("Edited.cs", """
        using Strata;

        namespace App;

        [Network]
        [Input(1, 28, 28)]
        [Conv2D(6, 5, Padding = 2), ReLU, MaxPool2D(2)]
        [Conv2D(16, 5), ReLU, MaxPool2D(2)]
        [Flatten]
        [Dense(9999), ReLU]
        [Dense(84), ReLU]
        [Dense(10), Softmax]
        [CrossEntropy]
        public partial class Edited;

        """);

    /// <summary>A keystroke in the formula of an operator that one network uses.</summary>
    public static EditedFile Operator { get; } = EditedFile.Of("Wave.cs", """
        using System;
        using Strata;

        namespace App;

        public sealed class WaveAttribute : ElementwiseAttribute
        {
            public static float Value(float x) => x * Functions.Sigmoid(x * 9999f) + MathF.Tanh(x);
        }

        [Network, Input(64), Dense(32), Wave, Dense(10), CrossEntropy]
        public partial class Waves;

        """);
}
