import { baseImages, importBaseImages, tagOf } from "./base-images.ts";
import type { Docker } from "./docker.ts";

const BINARY_IMAGE = "breeze-test/binary";

/** The images that the tests run: the watchdog on each base. */
export const imageOn = (base: "busybox" | "alpine" | "distroless" | "debian"): string =>
  `breeze-test/on-${base}`;

/** Builds both targets of Dockerfile.alpine, and copies the binary out of the one into the other bases as an image author does. */
export async function buildImages(docker: Docker, project: string): Promise<void> {
  await importBaseImages(docker);
  const build = ["build", "--quiet", "--file", `${project}/Dockerfile.alpine`];
  await docker.run([...build, "--target", "binary", "--tag", BINARY_IMAGE, project]);
  const base = `BASE=${tagOf("alpine")}`;
  await docker.run([...build, "--build-arg", base, "--tag", imageOn("alpine"), project]);
  for (const name of baseImages.filter((one) => one !== "alpine")) {
    await buildFrom(docker, tagOf(name), imageOn(name), [
      `COPY --from=${BINARY_IMAGE} /fwatchdog /usr/bin/fwatchdog`,
      "EXPOSE 8080",
      'HEALTHCHECK --interval=1s CMD ["fwatchdog", "--run-healthcheck"]',
      'CMD ["fwatchdog"]',
    ]);
  }
}

/** Builds from a Dockerfile that needs no files beside it. */
async function buildFrom(
  docker: Docker,
  base: string,
  tag: string,
  instructions: readonly string[],
): Promise<void> {
  const dockerfile = [`FROM ${base}`, ...instructions].join("\n");
  await docker.run(["build", "--quiet", "--tag", tag, "-"], dockerfile);
}
