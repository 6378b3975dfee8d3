using System;
using System.Globalization;
using System.IO;
using System.Threading.Tasks;
using Strata.Imaging.Tests;

namespace Strata.Soak;

/// <summary>
/// Long runs, which the test suite has no time for. Each is a command; it prints what it measures, and fails where a limit is broken.
/// </summary>
internal static class Program
{
    private const int Failure = 1, UsageError = 2;

    private const string Usage = """
        Long runs that look for what only time brings about.

          dotnet run -c Release --project tests/Soak -- fading [STEPS [ROUNDS]]
          dotnet run -c Release --project tests/Soak -- denormals [ASSEMBLY…]
          dotnet run -c Release --project tests/Soak -- constants
          dotnet run -c Release --project tests/Soak -- threadless
          dotnet run -c Release --project tests/Soak -- onnx [FILES [SEED]]
          dotnet run -c Release --project tests/Soak -- graphs [MODELS [SEED]]
          dotnet run -c Release --project tests/Soak -- loads [FILES [SEED]]
          dotnet run -c Release --project tests/Soak -- nodes [NAME]
          dotnet run -c Release --project tests/Soak -- published [NAME]
          dotnet run -c Release --project tests/Soak -- functions [COUNT [SEED]]
          dotnet run -c Release --project tests/Soak -- batches
          dotnet run -c Release --project tests/Soak -- jpeg [FILES [SEED]]
          dotnet run -c Release --project tests/Soak -- images [FILES [SEED [FORMAT]]]
          dotnet run -c Release --project tests/Soak -- weights [FILES [SEED]]
          dotnet run -c Release --project tests/Soak -- zoo [NAME]
          dotnet run -c Release --project tests/Soak -- decode
          dotnet run -c Release --project tests/Soak -- folder [ROUNDS]
          dotnet run -c Release --project tests/Soak -- boxes FILE
          dotnet run -c Release --project tests/Soak -- tracks FILE
          dotnet run -c Release --project tests/Soak -- embeddings [PICTURES]
          dotnet run -c Release --project tests/Soak -- read [PAGES [SEED]]
          dotnet run -c Release --project tests/Soak -- serving [THOUSANDS]
          dotnet run -c Release --project tests/Soak -- kills [COUNT [SEED]]
          dotnet run -c Release --project tests/Soak -- scaling
          dotnet run -c Release --project tests/Soak -- pages [PAGE]

        fading      Trains with ordinary gradients, then STEPS steps (default 100000) with gradients of 0, with each optimizer, parameter
                    averages and running statistics. Prints the CPU time of a step beside that of one with ordinary gradients, and fails
                    if 500 steps in a row took more than 1.1 times the ordinary ones in each of ROUNDS runs (default 10); a busy machine
                    makes a run slow now and then. With the defaults it takes 2 to 20 minutes.

        denormals   Compares the time of inference with ordinary numbers and with denormal ones: as inputs, as weights, as both, as products
                    of small numbers, and mixed. Fails if one takes more than 1.2 times as long. The networks are those of the sample of
                    digits and of the zoo, which must have been built, or those of each ASSEMBLY. Takes some minutes.

        constants   Infers and trains, with DOTNET_TC_BackgroundWorkerTimeoutMs=64, and fails if the JIT then takes denormal constants of
                    other code for 0. A test of the runtime runs it.

        threadless  Loads, infers and trains, forbids this process more threads, and does it again: the results must be the same. Not as root,
                    whose threads nothing limits; a test of the runtime runs it.

        onnx        Reads FILES damaged ONNX files (default 50000). Fails if one brings anything but a graph or a message, takes more than 5
                    seconds, or more memory than 10 times its length and 100 MB. Another SEED (default 1) makes other files. Takes a minute
                    or two.

        graphs      Imports MODELS ONNX models (default 50000) whose graphs were changed: nodes dropped, edges moved, attributes, types and
                    constants exchanged. Fails if one brings anything but a class or a message, takes more than 5 seconds, or if one of
                    every 50 classes does not compile. Another SEED (default 1) makes other models. Takes some minutes.
        loads       Damages FILES ONNX files (default 50000), loads them as networks and computes a sample. They are refused with a clear
                    exception, or compute.

        nodes       Imports ONNX files of single nodes, over the values of their attributes and over operator sets, compiles their classes,
                    and fails if one differs from ONNX Runtime by more than 1e-5 of the largest output. Prints how many agree, and which
                    are refused for what reason. NAME chooses those whose name contains it, such as Resize. Takes a minute or two.

        published   Loads the tests that ONNX publishes for backends, about a thousand, mostly of single nodes, in Debian's package
                    libonnx-testdata. Each is read as it stands and with its further inputs as constants, and with and without a batch.
                    Fails if one gives other numbers than the test, or an exception that is no refusal. Prints how many agree, and which
                    are refused for what reason. NAME chooses those whose name contains it. Takes a minute or two.

        functions   Imports ONNX files of functions of single numbers: activations as exporters take them apart, what only resembles them,
                    and COUNT random ones (default 3000). Fails if one differs from ONNX Runtime around its kinks, or at a magnitude from
                    1e-30 to 1e10, by more than 1e-5 of the largest output. Takes some minutes.

        batches     Imports ONNX files of operators along each axis, with a batch of 1, of 4, and an open one. Fails if one is neither
                    refused nor agrees with ONNX Runtime for several samples. Takes a minute or two.

        jpeg        Reads FILES damaged JPEG files (default 50000). Fails if one brings anything but a picture or a message, takes more than
                    2 seconds, or more memory than 16 times its pixels and 10 MB. Takes less than a minute.

        images      The same as jpeg with BMP, GIF, PNG and TIFF files, or with those of one FORMAT: bmp, gif, png, apng or tiff.

        weights     Loads FILES damaged files of PyTorch (default 50000) into a network, and loads as many of Keras or converts them. Fails
                    if one brings anything but weights or a message, takes more than 2 seconds, or more memory than 100 times its length and
                    20 MB. Takes a few minutes.

        zoo         Loads each network of the zoo, which must have been built, from files of its weights that h5py writes as Keras does, and
                    that PyTorch writes. Fails if a bit differs. NAME chooses networks. Takes some minutes; needs Debian's python3-h5py
                    and python3-torch.

        decode      Reads the image files whose paths come in, line by line, and writes the milliseconds for each. compare_speed.py in
                    tests/Imaging runs it and Pillow in turn. After "prepare THREADS", the time is that of ImageNet's preprocessing.

        folder      Writes 400 photographs into a folder, and streams them as a network's inputs, in turn with torchvision's ImageFolder and
                    DataLoader. Prints images a second, and fails if the floats differ. ROUNDS is 7 by default. Takes a minute. Python
                    with torchvision is /usr/bin/python3, or the one that STRATA_PYTHON names.

        embeddings  Makes vectors of PICTURES pictures (default 10000, at least 100), searches for 100 changed ones, and fails if fewer than
                    90 find what they were. Prints the times. Takes a minute or two.

        read        Prints PAGES pages (default 50) in fonts of Debian, of several sizes, turned and noisy, reads them with samples/Read
                    and with the same networks in ONNX Runtime, and fails if a text differs. Prints the share of characters that are right.
                    Another SEED (default 1) makes other pages. Takes some minutes.

        serving     Asks a server. For each of THOUSANDS (default 1000): 10 damaged requests, 10,000 calls in the same process, 10,000
                    through the queue, and 1,000 requests over HTTP; and a reload of the weights under load for every fifth. Fails if an
                    answer is lost, wrong or not of the protocol, or if the process grows by more than 32 MB. Takes a few minutes.

        kills       Trains on two ranks of Open MPI, and kills one of them at a random time, COUNT times (default 50). Fails if a job does
                    not end within 30 seconds, or if training does not go on from its checkpoint and end with the bits of one that nobody
                    killed. Takes two minutes.

        scaling     Measures steps of ResNet-18 and ResNet-20, compares a formula with steps in a world that takes the time of a network,
                    and prints what it says of 2 to 256 machines. Fails if they differ by more than 15 %, as on a machine that does other
                    work meanwhile.

        pages       Runs the commands of all pages as a reader types them: in a fresh clone of what is committed, or with packages made
                    from it. Servers must answer. With PAGE, those of the pages whose names contain it. The list, with the reasons for what
                    cannot run here, is tests/Samples/PageCommands.cs. Takes 10 to 20 minutes; needs bash, git, curl and clang.

        boxes       Compares boxes, suppression and regions with what torchvision computed: a FILE of torchvision_ops.py in
                    tests/Imaging/Detection.

        tracks      Compares identities with those of the paper's rules: a FILE of make_tracks.py in tests/Imaging/Tracking.
        """;

    private static async Task<int> Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["help" or "--help" or "-h"]:
                Console.WriteLine(Usage);
                return 0;
            case ["denormals", .. string[] assemblies]:
                return Denormals.Run(assemblies) ? 0 : Failure;
            case ["constants"]:
                return Denormals.CheckConstants() ? 0 : Failure;
            case ["threadless"]:
                return await Threadless.RunAsync() ? 0 : Failure;
            case ["fading"]:
                return Fading.Run(100_000, 10) ? 0 : Failure;
            case ["fading", string steps] when Count(steps) is > 0 and int count:
                return Fading.Run(count, 10) ? 0 : Failure;
            case ["fading", string steps, string rounds] when Count(steps) is > 0 and int count && Count(rounds) is > 0 and int runs:
                return Fading.Run(count, runs) ? 0 : Failure;
            case ["nodes"]:
                return Nodes.Run("") ? 0 : Failure;
            case ["nodes", string name]:
                return Nodes.Run(name) ? 0 : Failure;
            case ["published"]:
                return Published.Run("") ? 0 : Failure;
            case ["published", string name]:
                return Published.Run(name) ? 0 : Failure;
            case ["functions"]:
                return Samples.RunFunctions(3000, 1) ? 0 : Failure;
            case ["functions", string count] when Count(count) is > 0 and int number:
                return Samples.RunFunctions(number, 1) ? 0 : Failure;
            case ["functions", string count, string seed] when Count(count) is > 0 and int number && Count(seed) is > 0 and int first:
                return Samples.RunFunctions(number, first) ? 0 : Failure;
            case ["batches"]:
                return Samples.RunBatches() ? 0 : Failure;
            case ["zoo"]:
                return ZooWeights.Run("") ? 0 : Failure;
            case ["zoo", string name]:
                return ZooWeights.Run(name) ? 0 : Failure;
            case ["decode"]:
                Decode.Run();
                return 0;
            case ["folder"]:
                return await Folder.RunAsync(7) ? 0 : Failure;
            case ["folder", string rounds] when Count(rounds) is > 0 and int times:
                return await Folder.RunAsync(times) ? 0 : Failure;
            case ["embeddings"]:
                return await EmbeddingRun.RunAsync(10_000) ? 0 : Failure;
            case ["embeddings", string count] when Count(count) is >= 100 and int pictures:
                return await EmbeddingRun.RunAsync(pictures) ? 0 : Failure;
            case ["read"]:
                return Reading.Run(50, 1) ? 0 : Failure;
            case ["read", string count] when Count(count) is > 0 and int pages:
                return Reading.Run(pages, 1) ? 0 : Failure;
            case ["read", string count, string seed] when Count(count) is > 0 and int pages && Count(seed) is > 0 and int first:
                return Reading.Run(pages, first) ? 0 : Failure;
            case ["serving"]:
                return await Serving.RunAsync(1000) ? 0 : Failure;
            case ["serving", string thousands] when Count(thousands) is > 0 and int times:
                return await Serving.RunAsync(times) ? 0 : Failure;
            case ["kills"]:
                return Kills.Run(50, 1) ? 0 : Failure;
            case ["kills", string count] when Count(count) is > 0 and int number:
                return Kills.Run(number, 1) ? 0 : Failure;
            case ["kills", string count, string seed] when Count(count) is > 0 and int number && Count(seed) is > 0 and int first:
                return Kills.Run(number, first) ? 0 : Failure;
            case ["scaling"]:
                return Scaling.Run() ? 0 : Failure;
            case ["pages"]:
                return await PageRuns.RunAsync("") ? 0 : Failure;
            case ["pages", string page]:
                return await PageRuns.RunAsync(page) ? 0 : Failure;
            case ["boxes", string path]:
                Console.WriteLine($"{TorchvisionOps.Compare(File.OpenRead(path))} cases agree.");
                return 0;
            case ["tracks", string path]:
                (int sequences, int tracks, float largest) = TrackFile.Compare(File.OpenRead(path), 1e-3f);
                Console.WriteLine($"{sequences} sequences agree, {tracks} tracks in frames; edges are off by up to {largest:G2} pixels.");
                return 0;
            case ["onnx" or "graphs" or "loads" or "jpeg" or "images" or "weights", ..]:
                return RunDamaged(arguments);
            default:
                Console.Error.WriteLine(Usage);
                return UsageError;
        }
    }

    private static int RunDamaged(string[] arguments)
    {
        int files = arguments.Length > 1 ? Count(arguments[1]) : 50_000, seed = arguments.Length > 2 ? Count(arguments[2]) : 1;
        string format = arguments.Length > 3 ? arguments[3] : "";
        bool isFormat = format is "" or "bmp" or "gif" or "png" or "apng" or "tiff";
        if (files == 0 || seed == 0 || !isFormat || arguments.Length > (arguments[0] == "images" ? 4 : 3))
        {
            Console.Error.WriteLine(Usage);
            return UsageError;
        }

        return arguments[0] switch
        {
            "jpeg" => Damaged.RunImages(Corpus.Jpeg, files, seed),
            "images" => Damaged.RunImages(Corpus.Others, files, seed, format),
            "graphs" => Damaged.RunGraphs(files, seed),
            "loads" => Damaged.RunLoads(files, seed),
            "weights" => Damaged.RunWeights(files, seed),
            _ => Damaged.RunOnnx(files, seed),
        } ? 0 : Failure;
    }

    private static int Count(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : 0;
}
