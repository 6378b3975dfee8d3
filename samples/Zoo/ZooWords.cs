using System.CommandLine;
using System.Linq;
using Samples;

namespace Zoo;

/// <summary>The options and arguments that several commands have.</summary>
internal static class ZooWords
{
    public static Argument<ZooNetwork> Network { get; } = CreateNetwork();

    public static Option<string?> Weights { get; } =
        Words.Text("--weights", "FILE", "a safetensors file with PyTorch's names; if not given, seeded weights");

    public static Option<int> WeightsSeed { get; } = Words.Seed("of weights that no file gives");

    public static Option<string?> Save { get; } =
        Words.Text("--save", "FILE", "where to write the weights in the end, as safetensors with PyTorch's names");

    private static Argument<ZooNetwork> CreateNetwork()
    {
        var argument = new Argument<ZooNetwork>("NAME")
        {
            Description = "the name of a network; 'list' shows them",
            CustomParser = result =>
            {
                string name = result.Tokens.Single().Value;
                ZooNetwork? network = ZooNetwork.Find(name);
                if (network is null && !name.StartsWith('-'))
                {
                    result.AddError($"unknown network '{name}'; there are {string.Join(", ", Catalog.All.Select(n => n.Name))}");
                }

                return network;
            },
        };
        argument.Validators.Add(Words.RefuseOptions);
        return argument;
    }
}
