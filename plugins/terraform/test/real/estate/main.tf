variable "generation" {
  default = 1
}
variable "fails" {
  default = true
}
variable "password" {
  type      = string
  sensitive = true
  default   = "needle-variable"
}

module "net" {
  source   = "./net"
  for_each = toset(["eu.1", "us"])
  name     = each.key
}

resource "terraform_data" "server" {
  for_each = { web = "small", "db \"1\"" = "large" }
  input    = { size = each.value, subnets = module.net["eu.1"].subnets, tags = { team = "shop" } }
}

resource "terraform_data" "disk" {
  count      = 2
  input      = "disk-${count.index}"
  depends_on = [terraform_data.server]
}

resource "terraform_data" "login" {
  input = { user = "shop", note = var.password }
}

resource "terraform_data" "renamed" {
  input = "has been called differently"
}

# Its successor is made first. What needs it fails to be made, so that its predecessor is left, deposed.
resource "terraform_data" "swapped" {
  input            = var.generation
  triggers_replace = [var.generation]
  lifecycle {
    create_before_destroy = true
  }
}

# Its making fails half-way: it is tainted.
resource "terraform_data" "half" {
  triggers_replace = [terraform_data.swapped.id]
  provisioner "local-exec" {
    command = var.fails ? "false" : "true"
  }
}

data "terraform_remote_state" "other" {
  backend = "local"
  config  = { path = "${path.module}/other.tfstate" }
}

output "subnets" {
  value = { for name, net in module.net : name => net.subnets }
}
output "nothing" {
  value = null
}
output "login" {
  value     = terraform_data.login.output
  sensitive = true
}
