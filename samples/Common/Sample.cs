using System.Reflection;
using Strata.Imaging;

namespace Samples;

/// <summary>Where a sample is, and the data that some of them share.</summary>
internal static class Sample
{
    /// <summary>The project's folder, where its picture goes.</summary>
    public static string Folder { get; } = typeof(Sample).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(attribute => attribute.Key == "ProjectDirectory").Value!;

    /// <summary>10,000 handwritten digits to train on and 2,000 to test: a part of MNIST, which is in samples/Digits.</summary>
    public static (LabeledData Training, LabeledData Test) Digits() => MnistData.Read(Path.Combine(Folder, "..", "Digits", "data"));
}
