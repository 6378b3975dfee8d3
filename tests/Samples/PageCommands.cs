using System.Collections.Generic;

namespace Strata.Samples.Tests;

/// <summary>Who runs a command of a page.</summary>
internal enum Runner
{
    /// <summary>tests/Soak -- pages, in a fresh clone.</summary>
    Soak,

    /// <summary>The same, but as a server: it must answer, and ends after the page's last command.</summary>
    Server,

    /// <summary>Nobody here.</summary>
    Nobody,
}

/// <summary>A command of a page, with who runs it.</summary>
/// <param name="Page">The page.</param>
/// <param name="Text">The command, as the page has it.</param>
/// <param name="Runner">Who runs it.</param>
/// <param name="Note">Of a server, an address that answers; of what nobody runs, the reason.</param>
internal sealed record PageCommand(string Page, string Text, Runner Runner = Runner.Soak, string Note = "")
{
    /// <summary>What runs in its place, if the page's words stand for something of the reader's. A line of shell.</summary>
    public string? Instead { get; init; }
}

/// <summary>
/// All commands in the fenced blocks of all pages, in order. A page's commands share a folder, and follow one another as a reader types
/// them. {feed} is a folder with the packages of the clone.
/// </summary>
internal static class PageCommands
{
    private const string Solution = "Builds or tests the whole solution, which .ci/run does.";
    private const string Root = "Installs packages of the system as root.";
    private const string Docker = "There is no Docker where the tests run. The publish of the image is that of tests/Package/ServingTests.";
    private const string Mpi = "Needs several machines, or an app of the reader's. tests/Distributed runs jobs of the page's code.";
    private const string Torchvision = "Downloads torchvision's weights.";
    private const string Own = "Needs weights or files of the reader's. tests/Zoo/CommandTests runs the command with files of its own.";

    public static IReadOnlyList<PageCommand> All { get; } =
    [
        .. Of("CONTRIBUTING.md", Runner.Nobody, Solution, "dotnet build Compiler.sln -c Release", "dotnet test Compiler.sln -c Release"),
        .. Of("CONTRIBUTING.md", Runner.Nobody, ".ci/run makes the site, and tests/Site looks at it.",
            "dotnet run -c Release --project tests/Site/Maker"),
        .. Of("README.md", "dotnet run -c Release -v minimal --project samples/Digits",
            "dotnet run -c Release --project samples/Digits -- predict 7"),
        .. Of("generator/Compiler/Operators/NEW-OPERATOR.md", Runner.Nobody,
            "tests/Package/NewOperatorTests follows the page in a copy of the sources.",
            "STRATA_ACCEPT=1 dotnet test tests/Generator -c Release --filter FullyQualifiedName~OperatorsPageTests",
            "STRATA_ACCEPT=1 dotnet test tests/Runtime -c Release --filter FullyQualifiedName~What_the_library_shows_is",
            "dotnet test tests/Generator -c Release --filter DisplayName~Squareplus",
            "dotnet test tests/Numerics -c Release --filter DisplayName~Squareplus",
            "dotnet test tests/Onnx -c Release --filter DisplayName~Squareplus",
            "dotnet test tests/Onnx -c Release --filter FullyQualifiedName~that_are_saved_come_back"),
        .. Of("generator/Tool/PACKAGE.md", Runner.Nobody, "Needs a photo and a file of the reader's. tests/Onnx/ToolTests.",
            "strata run mobilenet.onnx --image cat.jpg --labels imagenet.txt", "strata bench mobilenet.onnx",
            "strata describe mobilenet.onnx"),
        .. ToolPage("generator/Tool/PACKAGE.md",
            "strata import mobilenet.onnx --namespace App.Models --output Models/",
            "strata export bin/Release/net10.0/App.dll App.Models.Flowers --weights flowers.safetensors --output flowers.onnx"),
        .. Of("generator/Tool/PACKAGE.md", Runner.Nobody, "Needs a file that is downloaded. tests/Onnx/ToolTests.",
            "strata convert resnet18-f37072fd.pth resnet18.safetensors", "strata convert model.keras model.safetensors"),
        .. Of("runtime/Distributed/PACKAGE.md", Runner.Nobody, "Adds a package to an app of the reader's.", "dotnet add package Strata.Distributed"),
        .. Of("runtime/Distributed/PACKAGE.md", Runner.Nobody, Root, "apt install openmpi-bin                                  # or mpich"),
        .. Of("runtime/Distributed/PACKAGE.md", Runner.Nobody, Mpi, "dotnet build -c Release", "mpirun -n 4 dotnet bin/Release/net10.0/app.dll"),
        new("runtime/Imaging/PACKAGE.md", "dotnet add package Strata.Imaging")
        {
            Instead = "dotnet new console -n Pictures && cd Pictures && dotnet add package Strata.Imaging",
        },
        .. Of("runtime/Onnx/PACKAGE.md", Runner.Nobody, "Needs a file of the reader's with open axes. tests/Onnx/ToolTests.",
            "strata import detector.onnx --sizes 48x160,48x320,48x640"),
        .. ToolPage("runtime/Onnx/PACKAGE.md",
            "strata import mobilenet.onnx --input 3,224,224 --output Models/",
            "strata export bin/Release/net10.0/App.dll App.Models.Flowers --weights flowers.safetensors"),
        new("runtime/Keras/PACKAGE.md", "dotnet add package Strata.Weights.Keras")
        {
            Instead = "dotnet new console -n KerasWeights && cd KerasWeights && dotnet add package Strata.Weights.Keras",
        },
        new("runtime/Published/PACKAGE.md", "dotnet add package Strata.Weights")
        {
            Instead = "dotnet new console -n Weights && cd Weights && dotnet add package Strata.Weights",
        },
        new("runtime/Embeddings/PACKAGE.md", "dotnet add package Strata.Embeddings")
        {
            Instead = "dotnet new console -n Embeddings && cd Embeddings && dotnet add package Strata.Embeddings",
        },
        new("runtime/Tensors/PACKAGE.md", "dotnet add package Strata.Tensors")
        {
            Instead = "dotnet new console -n Tensors && cd Tensors && dotnet add package Strata.Tensors",
        },
        .. Of("runtime/Serving/PACKAGE.md", "dotnet new web -n Shop && cd Shop", "dotnet add package Strata", "dotnet add package Strata.Serving"),
        new("runtime/Serving/PACKAGE.md", "dotnet run -c Release", Runner.Server, "http://localhost:8080/v2/health/ready")
        {
            // The page's program, without its file of weights.
            Instead = "awk '/^```csharp/ { f = 1; next } /^```/ { if (f) exit } f' \"$CLONE/runtime/Serving/PACKAGE.md\" "
                + "| sed 's/options.Weights = .*/options.Seed = 1;/' > Program.cs && dotnet run -c Release",
        },
        .. Of("runtime/Serving/PACKAGE.md", "curl localhost:8080/v2/models/flowers"),
        new("runtime/Serving/PACKAGE.md",
            "curl localhost:8080/v2/models/flowers/infer -d "
            + "'{\"inputs\":[{\"name\":\"input\",\"shape\":[1,3,32,32],\"datatype\":\"FP32\",\"data\":[0.1, …]}]}'")
        {
            Instead = "python3 -c \"print('{\\\"inputs\\\":[{\\\"name\\\":\\\"input\\\",\\\"shape\\\":[1,3,32,32],\\\"datatype\\\":\\\"FP32\\\","
                + "\\\"data\\\":%s}]}' % ([0.1]*3072))\" | curl --fail localhost:8080/v2/models/flowers/infer --data-binary @-",
        },
        .. Of("runtime/Serving/PHOTOS.md", "dotnet new web -n Shop && cd Shop", "dotnet add package Strata",
            "dotnet add package Strata.Imaging", "dotnet add package Strata.Serving"),
        .. Of("runtime/Serving/PHOTOS.md", Runner.Nobody, "Asks with a photo of the reader's. tests/Serving/PageTests runs the page's app.",
            "curl localhost:8080/label --data-binary @photo.jpg",
            "[{\"label\":\"tulip\",\"probability\":0.93},{\"label\":\"rose\",\"probability\":0.05},"
            + "{\"label\":\"daisy\",\"probability\":0.01}]"),
        .. Of("samples/Distributed/README.md", Runner.Nobody, Root, "apt install openmpi-bin dataset-fashion-mnist"),
        .. Of("samples/Distributed/README.md", Runner.Nobody, Mpi, "dotnet run -c Release --project samples/Distributed -- 2",
            "dotnet publish samples/Distributed -c Release -o app", "mpirun -n 8 --host a:4,b:4 dotnet app/Samples.Distributed.dll"),
        .. Of("samples/README.md",
            [.. Projects("Hello", "Hello", "Filters", "Detect", "Segment", "Transfer", "Signal", "Denoise", "FSharp", "Digits"),
             .. Projects("Digits -- predict 7", "Digits -- look 7", "Digits -- why 35"), .. Projects("Read")]),
        new("samples/README.md", "dotnet run -c Release --project samples/Read -- photo.jpg")
        {
            Instead = "dotnet run -c Release --project samples/Read -- samples/Read/page.png",
        },
        .. Of("samples/Serve/README.md", "dotnet run -c Release --project samples/Digits          # trains it once"),
        new("samples/Serve/README.md", "dotnet run -c Release --project samples/Serve", Runner.Server, "http://localhost:8080/v2/health/ready"),
        .. Of("samples/Serve/README.md", "curl localhost:8080/v2/models/digits",
            "python3 -c \"print('{\\\"inputs\\\":[{\\\"name\\\":\\\"input\\\",\\\"shape\\\":[1,1,28,28],\\\"datatype\\\":\\\"FP32\\\","
            + "\\\"data\\\":%s}]}' % ([0.5]*784))\" |\n  curl localhost:8080/v2/models/digits/infer --data-binary @-",
            "curl localhost:8080/metrics"),
        .. Of("samples/Serve/README.md", Runner.Nobody, Docker,
            "docker build -t strata-digits:1.0 -f samples/Serve/deploy/Dockerfile .",
            "docker run -p 8080:8080 -p 8081:8081 strata-digits:1.0"),
        .. Of("samples/Serve/README.md", "dotnet publish samples/Serve -c Release -o served"),
        new("samples/Serve/README.md", "served/Samples.Serve --Weights samples/Digits/lenet5.safetensors", Runner.Server,
            "http://localhost:8082/v2/health/ready")
        {
            // The first server still has the ports.
            Instead = "served/Samples.Serve --Weights samples/Digits/lenet5.safetensors --RestPort 8082 --GrpcPort 8083",
        },
        new("samples/Templates/PACKAGE.md", "dotnet new install Strata.Templates")
        {
            // A hive of its own, so that the user's templates stay as they are.
            Instead = "dotnet new install {feed}/Strata.Templates.*.nupkg --debug:custom-hive \"$PWD/hive\"",
        },
        new("samples/Templates/PACKAGE.md", "dotnet new strata -n Flowers")
        {
            Instead = "dotnet new strata -n Flowers --debug:custom-hive \"$PWD/hive\"",
        },
        .. Of("samples/Templates/PACKAGE.md", "cd Flowers", "dotnet run"),
        new("samples/Web/README.md", "dotnet run -c Release --project samples/Web", Runner.Server, "http://localhost:5000/api/capabilities"),
        .. Of("samples/Web/README.md", Runner.Nobody, Torchvision,
            "python3 samples/Zoo/to_safetensors.py mobilenet_v2 mobilenet_v2.safetensors",
            "dotnet run -c Release --project samples/Web -- --PhotoWeights mobilenet_v2.safetensors"),
        .. Of("samples/Zoo/README.md", Projects("Zoo -- list", "Zoo -- summary resnet50 --batch 8")),
        .. Of("samples/Zoo/README.md", Runner.Nobody, Own,
            Projects("Zoo -- run resnet18 --weights resnet18.safetensors --input images.npy --output logits.npy")),
        .. Of("samples/Zoo/README.md", Projects("Zoo -- train makemodel --steps 100 --save makemodel.safetensors")),
        .. Of("samples/Zoo/README.md", Runner.Nobody, "Needs Debian's dataset-fashion-mnist, and trains for minutes. tests/Zoo/FashionTests.",
            Projects("Zoo -- fashion --data /usr/share/datasets/fashion-mnist --save fashion.safetensors")),
        .. Of("samples/Zoo/README.md", Runner.Nobody, Own,
            Projects("Zoo -- kernels alexnet features.0 --weights alexnet.safetensors --output kernels.png",
                "Zoo -- maps alexnet features.1 --weights alexnet.safetensors --output maps.png",
                "Zoo -- why resnet18 --weights resnet18.safetensors --input cat.jpg --output why.png")),
        .. Of("samples/Zoo/README.md", Runner.Nobody, Torchvision,
            "python3 samples/Zoo/to_safetensors.py resnet18 resnet18.safetensors",
            "python3 samples/Zoo/to_safetensors.py resnet18.pth resnet18.safetensors"),
        .. Of("samples/Zoo/README.md", "dotnet build -c Release samples/Zoo"),
        .. Of("samples/Zoo/README.md", Runner.Nobody, "Needs Debian's torchvision, and compares with what is checked in.",
            "/usr/bin/python3 tests/Zoo/Goldens/check_state_dicts.py"),
        .. Of("samples/Zoo/README.md", Runner.Nobody, "Needs Debian's dataset-fashion-mnist and PyTorch, and trains for minutes.",
            "dotnet run -c Release --project samples/Zoo -- fashion --data /usr/share/datasets/fashion-mnist --seed 1",
            "/usr/bin/python3 tests/Benchmarks/peer_fashion.py --data /usr/share/datasets/fashion-mnist --seed 1"),
        new("samples/Zoo/TRANSFER.md", "dotnet pack Compiler.sln -c Release -o FOLDER", Runner.Nobody, Solution),
        new("samples/Zoo/TRANSFER.md", "dotnet nuget add source FOLDER", Runner.Nobody,
            "Changes the user's settings of NuGet. The packages here come from such a source, which a nuget.config names."),
    ];

    private static IEnumerable<PageCommand> Of(string page, params IEnumerable<string> commands) => Of(page, Runner.Soak, "", commands);

    private static IEnumerable<PageCommand> Of(string page, Runner runner, string note, params IEnumerable<string> commands)
    {
        foreach (string command in commands)
        {
            yield return new PageCommand(page, command, runner, note);
        }
    }

    private static IEnumerable<string> Projects(params IEnumerable<string> projects)
    {
        foreach (string project in projects)
        {
            yield return "dotnet run -c Release --project samples/" + project;
        }
    }

    /// <summary>The page's model is a small export of the tests, and the app with its network one that the page does not show.</summary>
    private static IEnumerable<PageCommand> ToolPage(string page, string import, string export) =>
    [
        new(page, "dotnet tool install --global Strata.Tool")
        {
            Instead = "dotnet tool install --tool-path tools --add-source {feed} Strata.Tool",
        },
        new(page, import)
        {
            Instead = "cp \"$CLONE/tests/Onnx/Exports/residual-17-folded.onnx\" mobilenet.onnx && tools/"
                + import.Replace("3,224,224", "3,16,16", System.StringComparison.Ordinal),
        },
        new(page, export, Runner.Nobody, "Needs an app of the reader's. tests/Package/PackageTests exports one."),
    ];
}
